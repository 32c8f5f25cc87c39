// Links what the verifier must never link; tools/checks/links has to say so.
int main() { return 0; }
