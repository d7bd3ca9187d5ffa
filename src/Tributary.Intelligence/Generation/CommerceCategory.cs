using System.Collections.Immutable;

namespace Tributary.Intelligence.Generation;

/// <summary>What merchants sell.</summary>
/// <param name="Name">In snake case.</param>
/// <param name="Median">The median amount of a usual customer, in major units.</param>
/// <param name="Spread">The standard deviation of the amount's logarithm.</param>
/// <param name="IsOnline">Sold at a distance.</param>
/// <param name="IsResold">Goods that a thief can turn into money.</param>
/// <param name="IsReturned">Goods that are often sent back.</param>
public sealed record CommerceCategory(string Name, double Median, double Spread, bool IsOnline, bool IsResold, bool IsReturned)
{
    /// <summary>Every category.</summary>
    public static ImmutableArray<CommerceCategory> All { get; } =
    [
        new("books", 18, .5, IsOnline: true, IsResold: false, IsReturned: false),
        new("digital_goods", 12, .7, IsOnline: true, IsResold: true, IsReturned: false),
        new("electronics", 160, .8, IsOnline: true, IsResold: true, IsReturned: true),
        new("fashion", 55, .6, IsOnline: true, IsResold: false, IsReturned: true),
        new("gift_cards", 40, .5, IsOnline: true, IsResold: true, IsReturned: false),
        new("groceries", 32, .6, IsOnline: false, IsResold: false, IsReturned: false),
        new("pharmacy", 21, .6, IsOnline: false, IsResold: false, IsReturned: false),
        new("restaurants", 28, .5, IsOnline: false, IsResold: false, IsReturned: false),
        new("transport", 9, .6, IsOnline: false, IsResold: false, IsReturned: false),
        new("travel", 240, .7, IsOnline: true, IsResold: true, IsReturned: false),
    ];
}
