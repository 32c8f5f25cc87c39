#include "verifier/document_part.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/sample_statement.h"
#include "verifier/limits.h"

namespace touchstone {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

std::string Bytes(char fill) { return std::string(kDigestBytes, fill); }

TEST(DocumentPart, AreFoundInEveryStatementThatHasSome) {
  v1::Statement statement;
  EXPECT_THAT(DocumentPartsOf(statement), IsEmpty());
  v1::Registration& registration = *statement.mutable_registration();
  registration.mutable_piece()->add_media()->set_sha256(Bytes('a'));
  registration.mutable_piece()
      ->add_components()
      ->mutable_metal()
      ->mutable_assay()
      ->set_document_sha256(Bytes('b'));
  v1::Commitment& price = *registration.add_commitments();
  price.set_kind(v1::Commitment::ORIGINAL_PRICE);
  price.set_sha256(Bytes('c'));
  const std::vector<DocumentPart> parts = DocumentPartsOf(statement);
  ASSERT_THAT(parts, SizeIs(3));
  EXPECT_FALSE(parts[0].confidential);
  EXPECT_EQ(DocumentKindText(parts[1]), "report");
  EXPECT_TRUE(parts[2].confidential);
  EXPECT_EQ(DocumentKindText(parts[2]), "original price");

  statement.mutable_laboratory_report()->set_document_sha256(Bytes('d'));
  EXPECT_THAT(DocumentPartsOf(statement), SizeIs(1));
  statement.mutable_assay_report()->mutable_assay()->set_document_sha256(Bytes('d'));
  EXPECT_THAT(DocumentPartsOf(statement), SizeIs(1));
  statement.mutable_modification()->mutable_piece()->add_media()->set_sha256(Bytes('e'));
  EXPECT_THAT(DocumentPartsOf(statement), SizeIs(1));
  statement.mutable_appraisal()->add_commitments()->set_sha256(Bytes('f'));
  statement.mutable_appraisal()->add_media()->set_sha256(Bytes('g'));
  EXPECT_THAT(DocumentPartsOf(statement), SizeIs(2));
  statement.mutable_correction()->mutable_appraisal()->add_commitments()->set_sha256(Bytes('h'));
  EXPECT_THAT(DocumentPartsOf(statement), SizeIs(1));
  statement.mutable_documents_added()->add_media()->set_sha256(Bytes('i'));
  statement.mutable_documents_added()->add_commitments()->set_sha256(Bytes('j'));
  EXPECT_THAT(DocumentPartsOf(statement), SizeIs(2));
  statement.mutable_transfer_notice()->add_commitments()->set_sha256(Bytes('k'));
  EXPECT_THAT(DocumentPartsOf(statement), SizeIs(1));
  statement.mutable_pledged()->add_commitments()->set_sha256(Bytes('l'));
  EXPECT_THAT(DocumentPartsOf(statement), SizeIs(1));
  statement.mutable_incident_reported()->add_commitments()->set_sha256(Bytes('m'));
  EXPECT_THAT(DocumentPartsOf(statement), SizeIs(1));
  statement.mutable_care_record();
  EXPECT_THAT(DocumentPartsOf(statement), IsEmpty());
}

TEST(DocumentPart, SaltAndDomainSetACommitmentApart) {
  const std::string document = "12,300 EUR";
  const auto digest_of = [&](absl::string_view salt) {
    DocumentDigester digester(salt);
    digester.Update(document.substr(0, 3));
    digester.Update(document.substr(3));
    return digester.Final();
  };
  EXPECT_EQ(digest_of(""), Sha256Of(document));
  const std::string salt(limits::kDocumentSaltBytes, 's');
  EXPECT_EQ(digest_of(salt), Sha256Of(std::string("touchstone/part/v1\0", 19) + salt + document));
  EXPECT_NE(digest_of(salt), digest_of(std::string(limits::kDocumentSaltBytes, 't')));
}

TEST(DocumentPart, GoesWithThePieceByItsKind) {
  for (int kind = 1; kind <= v1::Commitment::Kind_MAX; ++kind) {
    const auto of_kind = static_cast<v1::Commitment::Kind>(kind);
    const bool goes = of_kind == v1::Commitment::PHOTOGRAPH ||
                      of_kind == v1::Commitment::DESIGN_DOSSIER ||
                      of_kind == v1::Commitment::DOCUMENT;
    EXPECT_EQ(GoesWithPiece(of_kind), goes) << v1::Commitment::Kind_Name(of_kind);
  }
}

}  // namespace
}  // namespace touchstone
