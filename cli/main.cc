// touchstone: the command line of issuers, stewards, laboratories, workshops, owners and auditors.
#include "cli/app.h"

int main(int argc, char** argv) { return touchstone::cli::RunTouchstone(argc, argv); }
