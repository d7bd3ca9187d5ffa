using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Stark;

/// <summary>
/// A message that the statement itself puts on a bus or takes off it: how lists of public inputs reach the tables. The verifier adds its fraction.
/// </summary>
/// <param name="Bus">The bus.</param>
/// <param name="IsSend">Put on, or taken off.</param>
/// <param name="Elements">The message.</param>
public sealed record PublicMessage(Bus Bus, bool IsSend, IReadOnlyList<KoalaBear> Elements);
