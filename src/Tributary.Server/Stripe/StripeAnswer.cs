using System.Text;
using System.Text.Json;

namespace Tributary.Server.Stripe;

/// <summary>A status and a body: what a request is answered with, and what its repetition gets.</summary>
internal readonly record struct StripeAnswer(int Status, string Body)
{
    /// <summary>An answer whose body a writer makes.</summary>
    public static StripeAnswer Of(int status, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            write(writer);
        return new StripeAnswer(status, Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }

    /// <summary>As it is kept with an idempotency key.</summary>
    public string Pack() => $"{Status.ToString(System.Globalization.CultureInfo.InvariantCulture)} {Body}";

    /// <summary>Reads what <see cref="Pack"/> wrote.</summary>
    public static StripeAnswer Unpack(string packed) =>
        new(int.Parse(packed.AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture), packed[4..]);
}
