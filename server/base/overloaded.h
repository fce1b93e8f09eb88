// Visitors of a variant, a function for each of its types.

#ifndef HOLDLINE_SERVER_BASE_OVERLOADED_H_
#define HOLDLINE_SERVER_BASE_OVERLOADED_H_

#include <concepts>

namespace holdline {

// One function object of several: std::visit takes the one that fits.
template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

// One of the types that are listed. A visitor takes with it those that are
// alike to it by name, so that one that is new to the variant does not compile
// until somebody has decided what it is to mean there.
template <typename Type, typename... Listed>
concept IsOneOf = (std::same_as<Type, Listed> || ...);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BASE_OVERLOADED_H_
