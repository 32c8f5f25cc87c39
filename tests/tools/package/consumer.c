/* A C program of somebody else's that uses the installed verifier: checks a passport under a policy
 * and prints the verdict, and sees garbage refused.
 * Usage: consumer POLICY PASSPORT_IN_HEX */
#include <stdio.h>
#include <string.h>
#include <verifier/touchstone.h>

static char policy[1 << 16];
static unsigned char passport[1 << 20];

static size_t read_text(const char* path, char* to, size_t size) {
  FILE* in = fopen(path, "rb");
  size_t count;
  if (in == NULL) return 0;
  count = fread(to, 1, size, in);
  fclose(in);
  return count;
}

static size_t read_hex(const char* path, unsigned char* to, size_t size) {
  FILE* in = fopen(path, "rb");
  size_t count = 0;
  unsigned byte;
  if (in == NULL) return 0;
  while (count < size && fscanf(in, "%2x", &byte) == 1) to[count++] = (unsigned char)byte;
  fclose(in);
  return count;
}

int main(int argc, char** argv) {
  const uint64_t now_ms = UINT64_C(1795392000000); /* 2026-11-23 */
  char* json = NULL;
  size_t policy_size;
  size_t passport_size;
  int result;
  if (argc != 3) return 2;
  policy_size = read_text(argv[1], policy, sizeof policy);
  passport_size = read_hex(argv[2], passport, sizeof passport);
  result = touchstone_verify(policy, policy_size, passport, passport_size, now_ms, NULL, &json);
  printf("touchstone %s: %d %.60s\n", touchstone_version(), result, json != NULL ? json : "");
  if (result != TOUCHSTONE_VERIFIED || strstr(json, "\"verified\"") == NULL) return 1;
  touchstone_free(json);

  json = NULL;
  passport[passport_size / 2] ^= 1;
  result = touchstone_verify(policy, policy_size, passport, passport_size, now_ms, NULL, &json);
  if (result != TOUCHSTONE_REFUSED || json == NULL) return 1;
  touchstone_free(json);

  return touchstone_verify(NULL, 1, passport, passport_size, now_ms, NULL, &json) ==
                 TOUCHSTONE_INVALID_ARGUMENT
             ? 0
             : 1;
}
