using System.Collections.Immutable;
using System.Globalization;

namespace Tributary.Payments.Access;

/// <summary>Grants and limits as text: "Refunds=Write;Events=Read", "msat=1000000;eur=5000".</summary>
internal static class GrantCodec
{
    public static string Write(ImmutableSortedDictionary<KeyResource, KeyAccess> grants) => string.Join(';', grants.Select(static grant => $"{grant.Key}={grant.Value}"));

    public static string Write(ImmutableSortedDictionary<string, long> limits) =>
        string.Join(';', limits.Select(static limit => $"{limit.Key}={limit.Value.ToString(CultureInfo.InvariantCulture)}"));

    public static ImmutableSortedDictionary<KeyResource, KeyAccess> ReadGrants(string text) =>
        Pairs(text).ToImmutableSortedDictionary(static pair => Enum.Parse<KeyResource>(pair.Name), static pair => Enum.Parse<KeyAccess>(pair.Value));

    public static ImmutableSortedDictionary<string, long> ReadLimits(string text) =>
        Pairs(text).ToImmutableSortedDictionary(static pair => pair.Name, static pair => long.Parse(pair.Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);

    private static IEnumerable<(string Name, string Value)> Pairs(string text) => text
        .Split(';', StringSplitOptions.RemoveEmptyEntries)
        .Select(static pair => pair.Split('=', 2))
        .Select(static pair => (pair[0], pair[1]));
}
