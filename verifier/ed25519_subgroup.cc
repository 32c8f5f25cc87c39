// How a point P = (x, y) of Ed25519 is shown to be in the main subgroup without multiplying it by
// the order L of that subgroup. (All sides of the equations are modulo p = 2^255 - 19.)
//
// In the coordinates u = (1 + y) / (1 - y) and v of Curve25519, E: v^2 = u(u^2 + Au + 1) with
// A = 486662, which has 8L points over F_p; T2 = (0, 0) is the only one of order 2, and there are
// points T8 of order 8. The main subgroup consists of the multiples of 8. Dividing P by 8 at once
// is not needed; it is enough to divide by an isogeny of degree 8, in two steps:
//
// 1. By 2. ψ: E → E' has the kernel {O, T2}; E' is Y^2 = X(X^2 - 2AX + A^2 - 4), and the dual
//    ψ^: E' → E takes (X, Y) to the point with u = (Y / 2X)^2. So P is ψ^(P') for a P' in E'(F_p)
//    exactly if u is a square s^2; then, with u^2 + Au + 1 = t^2 (which exists as P is on the
//    curve), X = 2u + A - 2t and Y = 2sX are such a P'. The other is P' + D, where D = (0, 0).
//
// 2. By 4. Let Q be a point of order 4 of E'(F_p) with 2Q = (A + 2, 0), φ: E' → E'' the isogeny
//    with the kernel that Q generates. F_p has the fourth roots of 1, so the Tate pairing decides:
//    P' is φ^(P'') for a P'' in E''(F_p) exactly if f(P')^((p-1)/4) = 1, where f is the function
//    with divisor 4(Q) - 4(O) whose leading coefficient at O is 1: f = l^2 / (X - (A + 2)), and
//    l = Y - λ(X - (A + 2)) is the tangent in Q, which meets E' again in (A + 2, 0).
//
// So far the points for which both steps succeed are α^(E''(F_p)), where α = φψ. That is the main
// subgroup if α^ has 8 rational points in its kernel, since E'' has 8L points as E has. The kernel
// of α is cyclic of order 8; Frobenius multiplies it by some m, and that of α^ by p/m = 5/m modulo
// 8. With Q = ψ(T8) it would be m = 1: α^ has 4 rational points in its kernel, and P + T2 would
// pass with P. But there is another Q: ψ(T8) + D = ψ(T8 + T2'), where T2' is one of the two points
// of order 2 that are not rational. Frobenius takes T2' to T2' + T2, so T8 + T2' to T8 + T2' + T2 =
// 5(T8 + T2'): m = 5, and all of α^'s kernel is rational. The two cases differ in whether X(Q) is a
// square, as X(ψ(T8)) = (v / u)^2 is: ours is not. X(Q) = (A + 2) - 2·sqrt(A + 2) = λ(λ + 2) for
// λ = sqrt(A + 2) - 2, which settles the root to take. (As all of α^'s kernel is rational, D is in
// φ^(E''(F_p)), so that it does not matter which of P' and P' + D is asked, nor which signs s and t
// have.)
//
// Without divisions: let d = 1 - y, e = 1 - y^2, w^2 = e, r^2 = 1 + 121665e. Then s = w / d and
// t = 2r / d. With z = y - r, X - (A + 2) = 4z / d, X = 4(z + 121666d) / d, and l = 4m / d^2 for
// m = 2w(z + 121666d) - λdz. Up to fourth powers f is 4·d·z^3·m^2, and 4^((p-1)/4) = -1.
//
// Sources: T. Pornin, "Point-Halving and Subgroup Membership in Twisted Edwards Curves", IACR
// ePrint 2022/1164, which divides by isogenies of degree 2 only; D. Koshelev, "Subgroup membership
// testing on elliptic curves via the Tate pairing", IACR ePrint 2022/037.
#include "verifier/ed25519_subgroup.h"

#include <optional>

namespace touchstone {
namespace {

constexpr FieldElement k121665 = {{121665, 0, 0, 0, 0}};
constexpr FieldElement k121666 = {{121666, 0, 0, 0, 0}};
constexpr FieldElement kZero = {{0, 0, 0, 0, 0}};

}  // namespace

bool IsInMainSubgroup(absl::string_view encoding) {
  // The sign of x, which is the top bit, does not matter: -P is where P is. (x is 0, for which a
  // sign would not be canonical, only at y = 1 and y = -1.)
  const std::optional<FieldElement> y = FieldElementFromBytes(encoding);
  if (!y) return false;
  const FieldElement d = kFieldOne - *y;
  const FieldElement e = d * (kFieldOne + *y);
  // The identity and T2, for which u is infinite or 0.
  if (e == kZero) return false;

  // Is P on the curve, and twice something? One of the roots may exist without the other; then u
  // belongs to the curve's twist, or is no square.
  const std::optional<FieldElement> w = SquareRoot(e);
  if (!w) return false;
  const std::optional<FieldElement> r = SquareRoot(kFieldOne + k121665 * e);
  if (!r) return false;

  const FieldElement z = *y - *r;
  const FieldElement m = (*w + *w) * (z + k121666 * d) - kTangentSlope * d * z;
  // What makes this 0 is P' = 2Q or P' = Q, so P = T2 or a point of order 4: refused as it should.
  const FieldElement f = d * z * Square(z * m);
  return QuarticCharacter(f) + kFieldOne == kZero;
}

}  // namespace touchstone
