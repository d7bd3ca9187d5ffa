using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Stark;

/// <summary>What is being claimed about a machine's run: the public values of each table and the public messages. Not trusted to be well-formed.</summary>
/// <param name="PublicValues">For each table of the machine its public values.</param>
/// <param name="Messages">Messages of the statement itself.</param>
public sealed record Statement(IReadOnlyList<IReadOnlyList<KoalaBear>> PublicValues, IReadOnlyList<PublicMessage> Messages)
{
    /// <summary>A statement without public values or messages, for so many tables.</summary>
    public static Statement Empty(int tables) => new([.. Enumerable.Repeat(Array.Empty<KoalaBear>(), tables)], []);
}
