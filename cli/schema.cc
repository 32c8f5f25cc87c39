#include "cli/schema.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/closest_word.h"
#include "cli/embedded_schema.inc"

namespace touchstone::cli {
namespace {

// A pool of its own: the lite classes of this program have registered nothing in the generated one.
class Schema {
 public:
  Schema() {
    google::protobuf::FileDescriptorSet files;
    if (!files.ParseFromArray(kTouchstone_v1_descriptors, sizeof(kTouchstone_v1_descriptors))) {
      return;
    }
    for (const google::protobuf::FileDescriptorProto& file : files.file()) {
      const google::protobuf::FileDescriptor* built = pool_.BuildFile(file);
      if (built == nullptr) return;
      for (int i = 0; i < built->message_type_count(); ++i) {
        names_.push_back(built->message_type(i)->name());
      }
    }
  }

  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> New(absl::string_view name) {
    const google::protobuf::Descriptor* descriptor =
        pool_.FindMessageTypeByName(absl::StrCat("touchstone.v1.", name));
    if (descriptor == nullptr) {
      const std::vector<absl::string_view> names(names_.begin(), names_.end());
      return absl::NotFoundError(
          absl::StrCat("there is no message \"", name, "\"", DidYouMean(name, names)));
    }
    return std::unique_ptr<google::protobuf::Message>(factory_.GetPrototype(descriptor)->New());
  }

 private:
  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory factory_;
  std::vector<std::string> names_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> NewMessage(absl::string_view name) {
  // Lives as long as the program: messages point into it.
  static Schema* const schema = new Schema();
  return schema->New(name);
}

std::string SuggestField(const google::protobuf::Message& message, absl::string_view name) {
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  std::vector<absl::string_view> names;
  names.reserve(static_cast<size_t>(type.field_count()));
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  return DidYouMean(name, names);
}

}  // namespace touchstone::cli
