namespace Tributary.Server.Shop;

/// <summary>Something that the demo shop sells.</summary>
/// <param name="Sku">Its name in forms.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="About">One line about it.</param>
/// <param name="Cents">Its price in cents of a euro.</param>
internal sealed record Product(string Sku, string Name, string About, long Cents)
{
    public static IReadOnlyList<Product> All { get; } =
    [
        new("coffee", "House blend", "Whole beans, 250 g, roasted on Monday", 1250),
        new("mug", "Enamel mug", "Holds 350 ml and survives a campfire", 1800),
        new("notebook", "Field notebook", "Ninety-six dotted pages, lies flat", 950),
        new("lamp", "Desk lamp", "Brushed steel, warm light, no app", 6400),
    ];
}
