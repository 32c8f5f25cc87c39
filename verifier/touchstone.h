/* The verifier for other languages: plain C, no global state, safe to call from several threads.
 * Everything that it answers is JSON, described in docs/VERDICT.md. Not for making statements or
 * talking to a registry. */
#ifndef TOUCHSTONE_VERIFIER_TOUCHSTONE_H_
#define TOUCHSTONE_VERIFIER_TOUCHSTONE_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the functions below return. */
#define TOUCHSTONE_VERIFIED 0            /* every check held */
#define TOUCHSTONE_REFUSED 1             /* a check failed: believe nothing of it */
#define TOUCHSTONE_CANNOT_JUDGE 2        /* something needed is unknown or missing */
#define TOUCHSTONE_INVALID_ARGUMENT (-1) /* the call itself is wrong; no JSON */
#define TOUCHSTONE_OUT_OF_MEMORY (-2)    /* no JSON */

/* What somebody read off the object and its card. Set everything to zero (= {0}), then struct_size
 * to sizeof(touchstone_observed), then what was observed. Later versions add members at the end. */
typedef struct touchstone_observed {
  size_t struct_size;
  const char* inscription;     /* UTF-8, as it reads under the loupe; NULL: not observed */
  const char* serial;          /* on the piece; NULL: not observed */
  const char* card;            /* the QR code's link, or the token in it; NULL: not observed */
  uint64_t mass_mg;            /* of the whole piece; 0: not observed */
  uint64_t mass_tolerance_mg;  /* 0: the usual one */
  uint32_t measurements_um[3]; /* of its stone: length, width, depth; all 0: not observed */
  uint32_t measurement_tolerance_um;    /* 0: the usual one */
  uint32_t ring_inner_circumference_um; /* 0: not observed */
  uint32_t ring_size_tolerance_um;      /* 0: the usual one */
} touchstone_observed;

/* Checks the bytes of a .passport file under the text of a trust policy. now_ms is the time in
 * milliseconds since 1970-01-01T00:00:00Z. observed may be NULL. Where the result is not negative,
 * *json_out is a string to be freed with touchstone_free. */
int touchstone_verify(const char* policy, size_t policy_size, const void* passport,
                      size_t passport_size, uint64_t now_ms, const touchstone_observed* observed,
                      char** json_out);

/* Checks what a camera reads off a card: the QR code's link, or the token in it. cards is the bytes
 * of a cards file; NULL with size 0 if there is none, and then nothing can be judged. */
int touchstone_verify_card(const char* policy, size_t policy_size, const char* card,
                           size_t card_size, const void* cards, size_t cards_size, uint64_t now_ms,
                           char** json_out);

/* Checks the bytes of an .absence file: that no piece bears what it names, as of its checkpoint.
 * Compare what it names ("absent" in the JSON) with what was looked for: a registry may answer a
 * question that was not asked. */
int touchstone_verify_absence(const char* policy, size_t policy_size, const void* absence,
                              size_t absence_size, uint64_t now_ms, char** json_out);

/* Checks a proof of ownership: that whoever answered the question has the key that holds the piece,
 * as of the checkpoint of the passport's file. challenge is the text that the caller asked, and not
 * what came with the answer; proof is the text of the answer. What lies on the piece ("restraints",
 * "status" in the JSON) does not change the result. */
int touchstone_verify_ownership_proof(const char* policy, size_t policy_size, const void* passport,
                                      size_t passport_size, const char* challenge,
                                      size_t challenge_size, const char* proof, size_t proof_size,
                                      uint64_t now_ms, char** json_out);

/* Frees what the functions above gave; NULL is fine. */
void touchstone_free(char* json);

/* "0.1.0"; lives for ever. */
const char* touchstone_version(void);

#ifdef __cplusplus
}
#endif

#endif /* TOUCHSTONE_VERIFIER_TOUCHSTONE_H_ */
