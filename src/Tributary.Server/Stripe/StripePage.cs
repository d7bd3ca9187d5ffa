using System.Text.Json;
using Tributary.Payments.Storage;
using Tributary.Server.Stripe.Parameters;

namespace Tributary.Server.Stripe;

/// <summary>Which page of a list is asked for.</summary>
/// <param name="Limit">At most so many.</param>
/// <param name="After">Those after this object.</param>
/// <param name="Before">Those before this object, nearest to it.</param>
/// <param name="Created">Those made then.</param>
internal sealed record StripePage(int Limit, string? After, string? Before, CreatedSpan Created)
{
    private const int LimitMax = 100;
    private const int LimitDefault = 10;

    // The year 9000: far beyond every object, and within what a calendar holds.
    private const long SecondsMax = 221_845_392_000;

    /// <summary>The object that the page stands beside.</summary>
    public string? Cursor => After ?? Before;

    public static StripePage Read(ParameterReader parameters)
    {
        var limit = parameters.Integer("limit") ?? LimitDefault;
        if (limit is < 1 or > LimitMax)
            parameters.Refuse("parameter_invalid_integer", "limit", $"Invalid integer: limit must be from 1 to {LimitMax}.");
        var after = parameters.Text("starting_after", 100);
        var before = parameters.Text("ending_before", 100);
        if (after is not null && before is not null)
            parameters.Refuse("parameter_invalid", "ending_before", "starting_after and ending_before exclude each other.");
        return new StripePage((int)Math.Clamp(limit, 1, LimitMax), after, before, ReadCreated(parameters));
    }

    /// <summary>The parameter <c>created</c>: one second, or bounds of Unix seconds as <c>created[gte]</c> and the like.</summary>
    private static CreatedSpan ReadCreated(ParameterReader parameters)
    {
        if (parameters.IsText("created"))
            return parameters.Integer("created") is { } second ? new CreatedSpan(At(second, 0), At(second, 1)) : default;
        if (parameters.Inner("created") is not { } bounds)
            return default;
        var (after, from) = (bounds.Integer("gt"), bounds.Integer("gte"));
        var (before, until) = (bounds.Integer("lt"), bounds.Integer("lte"));
        return new CreatedSpan(Later(At(after, 1), At(from, 0)), Earlier(At(before, 0), At(until, 1)));

        // Objects are made at fractions of a second, which Stripe's API does not show: the bounds are those of whole seconds.
        static DateTimeOffset? At(long? second, int added) =>
            second is { } given ? DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(given, 0, SecondsMax) + added) : null;

        static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;

        static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;
    }

    /// <summary>A list object of what was found, one more than the limit where there is more.</summary>
    public StripeAnswer Answer<T>(string url, List<T> found, Action<Utf8JsonWriter, T> write)
    {
        var hasMore = found.Count > Limit;
        if (hasMore)
            found.RemoveAt(Before is null ? found.Count - 1 : 0);
        return StripeAnswer.Of(StatusCodes.Status200OK, writer => WriteList(writer, url, found, hasMore, write));
    }

    public static void WriteList<T>(Utf8JsonWriter writer, string url, IEnumerable<T> items, bool hasMore, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartObject();
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        foreach (var item in items)
            write(writer, item);
        writer.WriteEndArray();
        writer.WriteBoolean("has_more", hasMore);
        writer.WriteString("url", url);
        writer.WriteEndObject();
    }
}
