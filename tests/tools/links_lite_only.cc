// Links what the verifier may link; tools/checks/links has nothing to say.
int main() { return 0; }
