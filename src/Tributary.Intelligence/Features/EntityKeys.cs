using System.Runtime.CompilerServices;
using Tributary.Intelligence.Privacy;

namespace Tributary.Intelligence.Features;

/// <summary>The pseudonym of each <see cref="EntityKind"/> that takes part in a payment; none where there is no such party.</summary>
[InlineArray(Count)]
public struct EntityKeys
{
    /// <summary>Kinds of entities.</summary>
    public const int Count = 7;

    private Pseudonym _first;

    /// <summary>The pseudonym of a kind.</summary>
    public Pseudonym this[EntityKind kind]
    {
        readonly get => this[(int)kind];
        set => this[(int)kind] = value;
    }
}
