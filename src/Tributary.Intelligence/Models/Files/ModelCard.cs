using System.Collections.Immutable;

namespace Tributary.Intelligence.Models.Files;

/// <summary>What a model is for and what it is not (Mitchell et al., "Model Cards for Model Reporting", 2019). The numbers come from the lineage.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="NotFor">What it must not be used for.</param>
/// <param name="Limits">Known limits, one sentence each.</param>
/// <param name="Contact">Who answers for it.</param>
public sealed record ModelCard(string Name, string Purpose, string NotFor, ImmutableArray<string> Limits, string Contact)
{
    public bool Equals(ModelCard? other) =>
        other is not null && (Name, Purpose, NotFor, Contact) == (other.Name, other.Purpose, other.NotFor, other.Contact)
        && Limits.AsSpan().SequenceEqual(other.Limits.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Name, Purpose, NotFor, Contact, Limits.Length);
}
