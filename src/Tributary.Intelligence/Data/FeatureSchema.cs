using System.Collections.Immutable;

namespace Tributary.Intelligence.Data;

/// <summary>The features of a model or a table, in the order of a row. A model only scores rows of the schema that it was trained with.</summary>
/// <param name="Names">A name per feature: unique, in snake case.</param>
/// <param name="Kinds">A kind per feature.</param>
public sealed record FeatureSchema(ImmutableArray<string> Names, ImmutableArray<FeatureKind> Kinds)
{
    /// <summary>Features in a row.</summary>
    public int Count => Names.Length;

    /// <summary>A schema of numeric features.</summary>
    public static FeatureSchema Numeric(params ReadOnlySpan<string> names)
    {
        var kinds = new FeatureKind[names.Length];
        return new FeatureSchema([.. names], [.. kinds]);
    }

    /// <summary>The place of a feature in a row, or −1.</summary>
    public int IndexOf(string name) => Names.IndexOf(name, StringComparer.Ordinal);

    public bool Equals(FeatureSchema? other) =>
        other is not null && Names.AsSpan().SequenceEqual(other.Names.AsSpan()) && Kinds.AsSpan().SequenceEqual(other.Kinds.AsSpan());

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var name in Names)
            hash.Add(name, StringComparer.Ordinal);
        return hash.ToHashCode();
    }
}
