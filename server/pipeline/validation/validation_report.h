// What was thought of a definition (DATAPIPELINE section 3.2).

#ifndef HOLDLINE_SERVER_PIPELINE_VALIDATION_VALIDATION_REPORT_H_
#define HOLDLINE_SERVER_PIPELINE_VALIDATION_VALIDATION_REPORT_H_

#include <string>
#include <vector>

namespace holdline {

// What is said of one object of a definition.
struct ObjectMessages {
  std::string id;
  std::vector<std::string> messages;

  friend bool operator==(const ObjectMessages&,
                         const ObjectMessages&) = default;
};

struct ValidationReport {
  // What keeps the definition from being saved at all.
  std::vector<ObjectMessages> fatal;

  // What keeps it from being activated.
  std::vector<ObjectMessages> errors;

  // What does not.
  std::vector<ObjectMessages> warnings;

  // Whether some of the errors are changes that an activated pipeline does not
  // allow: the definition must not be saved then, so that what is active is not
  // stranded.
  bool breaks_active = false;

  friend bool operator==(const ValidationReport&,
                         const ValidationReport&) = default;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_VALIDATION_VALIDATION_REPORT_H_
