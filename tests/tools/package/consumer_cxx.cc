// A C++ program of somebody else's that uses the installed verifier's C++ headers.

#include <iostream>
#include <string>

#include "verifier/digest.h"
#include "verifier/sha256.h"

int main() {
  // FIPS 180-4's first example.
  const std::string digest = touchstone::DigestToHex(touchstone::Sha256Of("abc"));
  std::cout << "SHA-256 of abc: " << digest << "\n";
  return digest.rfind("ba7816bf", 0) == 0 ? 0 : 1;
}
