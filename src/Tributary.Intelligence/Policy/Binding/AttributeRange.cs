using System.Collections.Immutable;

namespace Tributary.Intelligence.Policy.Binding;

/// <summary>The values of one attribute that a condition leaves possible: an interval of numbers, or some texts.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="LowOpen">True when the end itself is not possible.</param>
/// <param name="High">The upper end.</param>
/// <param name="HighOpen">True when the end itself is not possible.</param>
/// <param name="Texts">The texts possible; null for numbers.</param>
internal sealed record AttributeRange(double Low, bool LowOpen, double High, bool HighOpen, ImmutableHashSet<string>? Texts = null)
{
    public static AttributeRange Only(IEnumerable<string> texts) =>
        new(double.NegativeInfinity, LowOpen: false, double.PositiveInfinity, HighOpen: false, texts.ToImmutableHashSet(StringComparer.Ordinal));

    public bool IsEmpty => Texts is { Count: 0 } || Low > High || (Low == High && (LowOpen || HighOpen));

    public AttributeRange Intersect(AttributeRange other)
    {
        var (low, lowOpen) = Low > other.Low ? (Low, LowOpen) : other.Low > Low ? (other.Low, other.LowOpen) : (Low, LowOpen || other.LowOpen);
        var (high, highOpen) = High < other.High ? (High, HighOpen) : other.High < High ? (other.High, other.HighOpen) : (High, HighOpen || other.HighOpen);
        var texts = Texts is null ? other.Texts : other.Texts is null ? Texts : Texts.Intersect(other.Texts);
        return new AttributeRange(low, lowOpen, high, highOpen, texts);
    }

    /// <summary>True when every value of the other lies in this one.</summary>
    public bool Contains(AttributeRange other)
    {
        if (Texts is not null)
            return other.Texts is not null && other.Texts.IsSubsetOf(Texts);
        var low = Low < other.Low || (Low == other.Low && (!LowOpen || other.LowOpen));
        var high = High > other.High || (High == other.High && (!HighOpen || other.HighOpen));
        return low && high && other.Texts is null;
    }
}
