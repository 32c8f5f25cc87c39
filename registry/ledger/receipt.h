// What whoever submitted a statement is answered.
#ifndef TOUCHSTONE_REGISTRY_LEDGER_RECEIPT_H_
#define TOUCHSTONE_REGISTRY_LEDGER_RECEIPT_H_

#include <string>

namespace touchstone::ledger {

struct Receipt {
  std::string bytes;  // of a touchstone.v1.Receipt
  // Whether witnesses are asked, and its checkpoint does not bear a quorum's cosignatures yet.
  bool provisional = false;
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_RECEIPT_H_
