// The worked examples by subject: each function adds its files and its part of the appendix. In the
// order of docs/FORMAT.md.
#ifndef TOUCHSTONE_TESTS_VECTORS_EXAMPLES_H_
#define TOUCHSTONE_TESTS_VECTORS_EXAMPLES_H_

#include "tests/vectors/example_log.h"
#include "tests/vectors/vector_files.h"

namespace touchstone {

void AddKeys(const ExampleLog& example, Examples& examples);        // section 1
void AddStatements(const ExampleLog& example, Examples& examples);  // sections 2 and 3
void AddLog(const ExampleLog& example, Examples& examples);         // sections 4 and 5
void AddIndex(const ExampleLog& example, Examples& examples);       // section 6
void AddFiles(const ExampleLog& example, Examples& examples);       // sections 7 and 13
void AddClaims(const ExampleLog& example, Examples& examples);      // section 8
void AddNames(const ExampleLog& example, Examples& examples);       // section 11
void AddCard(const ExampleLog& example, Examples& examples);        // section 12
void AddOwnership(const ExampleLog& example, Examples& examples);   // section 14

// The token of the ring's card, and the link around it.
std::string ExampleCardToken(const ExampleLog& example);
std::string ExampleCardLink(const ExampleLog& example);

}  // namespace touchstone

#endif  // TOUCHSTONE_TESTS_VECTORS_EXAMPLES_H_
