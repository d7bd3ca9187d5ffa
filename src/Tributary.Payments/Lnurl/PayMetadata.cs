using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Payments.Lnurl;

/// <summary>The metadata of an LNURL for paying: the text that the wallet shows, and the hash of it that the invoice carries (LUD-06, 16 and 18).</summary>
/// <param name="Text">JSON as it is sent, and as it is hashed.</param>
public sealed record PayMetadata(string Text)
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Of a payment.</summary>
    /// <param name="description">What the wallet shows.</param>
    /// <param name="details">More of it; null for none.</param>
    /// <param name="identifier">The Lightning Address that is paid; null where there is none.</param>
    public static PayMetadata Of(string description, string? details, string? identifier)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_options))
        {
            json.WriteStartArray();
            Entry(json, "text/plain", description);
            if (details is not null)
                Entry(json, "text/long-desc", details);
            if (identifier is not null)
                Entry(json, "text/identifier", identifier);
            json.WriteEndArray();
        }

        return new PayMetadata(Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
    }

    /// <summary>What the invoice carries: SHA-256 of the text, and of what the payer said about themselves behind it (LUD-18, section 3).</summary>
    /// <param name="payer">As it came; null or empty where nothing was asked for or said.</param>
    public Bytes32 Hash(string? payer) => Hashes.Sha256(Encoding.UTF8.GetBytes(Text + payer));

    private static void Entry(Utf8JsonWriter json, string kind, string text)
    {
        json.WriteStartArray();
        json.WriteStringValue(kind);
        json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
