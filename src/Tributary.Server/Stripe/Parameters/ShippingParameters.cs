using System.Collections.Immutable;

namespace Tributary.Server.Stripe.Parameters;

/// <summary>Reads addresses, which Stripe's API has in several places, as names with texts.</summary>
internal static class ShippingParameters
{
    private const int TextMax = 500;

    /// <summary>Where goods go ("name", "address.city"); null where nothing was sent.</summary>
    public static ImmutableSortedDictionary<string, string>? Read(ParameterReader parameters)
    {
        if (parameters.Inner("shipping") is not { } shipping)
            return parameters.Has("shipping") ? ImmutableSortedDictionary<string, string>.Empty : null;
        var read = ReadAddress(shipping.Inner("address"), "address.");
        foreach (var name in (ReadOnlySpan<string>)["carrier", "name", "phone", "tracking_number"])
        {
            if (shipping.Text(name, TextMax) is { } text)
                read = read.SetItem(name, text);
        }

        return read;
    }

    /// <summary>An address, its names after a prefix.</summary>
    public static ImmutableSortedDictionary<string, string> ReadAddress(ParameterReader? address, string prefix)
    {
        var read = ImmutableSortedDictionary<string, string>.Empty;
        foreach (var name in (ReadOnlySpan<string>)["city", "country", "line1", "line2", "postal_code", "state"])
        {
            if (address?.Text(name, TextMax) is { } text)
                read = read.SetItem(prefix + name, text);
        }

        return read;
    }
}
