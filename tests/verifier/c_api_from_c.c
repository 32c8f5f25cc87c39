#include "tests/verifier/c_api_from_c.h"

#include <string.h>

#include "verifier/touchstone.h"

int VerifyFromC(const char* policy, size_t policy_size, const void* passport,
                size_t passport_size) {
  touchstone_observed observed = {0};
  char* json = NULL;
  int status;
  observed.struct_size = sizeof(observed);
  observed.serial = "R-1";
  status = touchstone_verify(policy, policy_size, passport, passport_size, 1800000000000u,
                             &observed, &json);
  if (json == NULL || strstr(json, "\"what\":\"serial\",\"match\":\"matches\"") == NULL) {
    status = -100;
  }
  touchstone_free(json);
  return status;
}
