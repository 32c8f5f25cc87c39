/* A caller of the verifier that is written in C. */
#ifndef TOUCHSTONE_TESTS_VERIFIER_C_API_FROM_C_H_
#define TOUCHSTONE_TESTS_VERIFIER_C_API_FROM_C_H_

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What touchstone_verify returns, or -100 if its answer is not as promised. */
int VerifyFromC(const char* policy, size_t policy_size, const void* passport, size_t passport_size);

#ifdef __cplusplus
}
#endif

#endif /* TOUCHSTONE_TESTS_VERIFIER_C_API_FROM_C_H_ */
