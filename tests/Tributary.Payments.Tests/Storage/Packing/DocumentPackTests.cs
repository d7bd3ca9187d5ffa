using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Payments.Storage;
using Tributary.Payments.Storage.Packing;

namespace Tributary.Payments.Tests.Storage.Packing;

public sealed class DocumentPackTests
{
    private const string Paid = """
        {"Format":1,"File":{"Intent":{"Id":"pi_GEnm7xkLW4f4xANn098B58fh","StoreId":"store_main","IsLive":false,"Amount":{"MinorUnits":100,"Currency":"eur"},"Status":"Succeeded","CaptureMethod":"Automatic","Rails":["Card"],"Description":"Order 0","Metadata":{"order_id":"0"},"ClientSecret":"pi_GEnm7xkLW4f4xANn098B58fh_secret_vvlcIYKLuFdAWNJDiAbW8Vtv","CreatedAt":"2026-11-22T23:43:40.0291289+00:00","ExpiresAt":"2026-12-22T23:43:40.0291289+00:00","LatestAttemptId":"att_vG7nN0OdQq37efCc22NyaQkv","AmountReceived":{"MinorUnits":100,"Currency":"eur"},"AmountCapturable":{"MinorUnits":0,"Currency":"eur"},"Version":5},"Attempts":[{"Id":"att_vG7nN0OdQq37efCc22NyaQkv","Rail":"Card","Status":"Paid","Reference":"card_att_vG7nN0OdQq37efCc22NyaQkv","Covers":{"MinorUnits":100,"Currency":"eur"},"Asset":"eur","Due":100,"CreatedAt":"2026-11-22T23:43:40.3960681+00:00","ExpiresAt":"2026-11-22T23:58:40.3960681+00:00","CardLastFour":"4242"}],"Receipts":[{"Reference":"card_att_vG7nN0OdQq37efCc22NyaQkv","AttemptId":"att_vG7nN0OdQq37efCc22NyaQkv","Status":"Settled","Amount":100,"Value":{"MinorUnits":100,"Currency":"eur"},"Claim":100,"Counted":{"MinorUnits":100,"Currency":"eur"},"Credited":100,"IsAllocationFinal":false,"FirstSeenAt":"2026-11-22T23:43:40.3978782+00:00","SettledAt":"2026-11-22T23:43:40.3978782+00:00"}],"Refunds":[],"Disputes":[]}}
        """;

    // What was released: a word may be added behind these, and none of them may ever change.
    private const int ReleasedWords = 212;
    private const string ReleasedWordsSha256 = "5a07bd95f35626c0950836e1fa04bd00ebf7a0de13b5228ef824d1809fbe8ad4";

    public static TheoryData<string> Documents =>
    [
        Paid,
        "{}", "[]", "null", "true", "0", "-1", "31", "32", "\"\"", "9223372036854775807", "-9223372036854775808", "1.0", "0.5", "-0", "1e3", "18446744073709551616",
        """{"unknown name":"Grüße, 世界","a\"b":"line\nbreak","Id":""}""",
        """["2026-11-22T23:43:40+00:00","2026-11-22T23:43:40.1+00:00","2026-11-22T23:43:40.10+00:00","2026-11-22T23:43:40Z","2026-11-22T23:43:40+01:00","0001-01-01T00:00:00+00:00","9999-12-31T23:59:59.9999999+00:00"]""",
        """["00ff00ff00ff00ff","00FF00FF00FF00FF","000000000000000","deadbeefdeadbeef","deadbeefdeadbeef"]""",
        """["lnbcrt1p5j9qqqsp5xyz02qqqqqq","bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq","1qpzry9x8gf2tvdw0s3jn54khce6mua7l","bc1QAR0SRRR7XFKVY5L643"]""",
        """["pi_zzzzzzzzzzzzzzzzzzzzzzzz","pi_000000000000000000000000","a_b_c_d_e_f_g_h_GEnm7xkLW4f4xANn098B58fh","_GEnm7xkLW4f4xANn098B58fh_","GEnm7xkLW4f4xANn098B58fh","pi_GEnm7xkLW4f4xANn098B58f!"]""",
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_document_comes_back_as_it_was(string json)
    {
        var packed = DocumentPack.Pack(json);
        Assert.Equal(Canonical(json), Canonical(Encoding.UTF8.GetString(DocumentPack.Unpack(packed))));
    }

    [Fact]
    public void A_paid_intent_takes_less_than_a_quarter_of_its_json() => Assert.InRange(DocumentPack.Pack(Paid).Length, 100, Paid.Length / 4);

    [Fact]
    public void Any_document_comes_back_as_it_was() => Check.QuickThrowOnFailure(Prop.ForAll((int seed, string?[] texts, long[] numbers) =>
    {
        var json = Random(new Random(seed), [.. texts.Select(static text => text ?? "")], numbers, 0)?.ToJsonString() ?? "null";
        return string.Equals(Canonical(json), Canonical(Encoding.UTF8.GetString(DocumentPack.Unpack(DocumentPack.Pack(json)))), StringComparison.Ordinal);
    }));

    [Fact]
    public void Bytes_that_nobody_packed_are_refused_without_harm()
    {
        // TRIBUTARY_FUZZ_ITERATIONS lengthens it.
        var iterations = int.TryParse(Environment.GetEnvironmentVariable("TRIBUTARY_FUZZ_ITERATIONS"), out var asked) ? asked : 20_000;
        var random = new Random(12);
        var good = DocumentPack.Pack(Paid);
        for (var i = 0; i < iterations; i++)
        {
            var bytes = good.AsSpan(0, random.Next(4) == 0 ? random.Next(good.Length) : good.Length).ToArray();
            for (var changes = random.Next(6); changes > 0 && bytes.Length > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (DocumentPack.TryUnpack(bytes, out var json))
                using (JsonDocument.Parse(json))
                {
                }
        }
    }

    [Fact]
    public void Short_bytes_do_not_unpack_to_a_long_document()
    {
        // One long text, then named again and again.
        byte[] packed = [1, PackTag.Array, PackTag.Text, 0x80, 0x80, 0x04, .. Enumerable.Repeat((byte)'x', 65_536), .. Enumerable.Range(0, 60_000).SelectMany(static _ => new byte[] { PackTag.Again, 0 }), PackTag.End];
        Assert.False(DocumentPack.TryUnpack(packed, out _));
    }

    [Fact]
    public void Words_that_were_stored_keep_their_numbers()
    {
        Assert.True(PackWords.Count >= ReleasedWords);
        var released = string.Join(' ', PackWords.All[..ReleasedWords].ToArray());
        Assert.Equal(ReleasedWordsSha256, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(released))));
    }

    [Fact]
    public void Every_property_of_a_payment_is_a_word()
    {
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<Type>();
        Visit(PaymentJson.Default.StoredPaymentFile);
        Assert.Empty(missing);

        void Visit(JsonTypeInfo? type)
        {
            if (type is null || !seen.Add(type.Type))
                return;
            // What is not written has no way to be read.
            foreach (var property in type.Properties.Where(static property => property.Get is not null))
            {
                if (!PackWords.TryFind(Encoding.UTF8.GetBytes(property.Name), out _))
                    missing.Add(property.Name);
                Visit(PaymentJson.Default.GetTypeInfo(property.PropertyType));
            }

            if (type.ElementType is { } element)
                Visit(PaymentJson.Default.GetTypeInfo(element));
        }
    }

    // The same text for the same values: what is escaped may differ.
    private static string Canonical(string json)
    {
        using var document = JsonDocument.Parse(json);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            Copy(document.RootElement, writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Copy(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Copy(property.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Copy(item, writer);
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static JsonNode? Random(Random random, string[] texts, long[] numbers, int depth)
    {
        switch (random.Next(depth > 4 ? 8 : 10))
        {
            case 0:
                return null;
            case 1:
                return random.Next(2) == 0;
            case 2:
                return numbers.Length == 0 ? random.NextDouble() : numbers[random.Next(numbers.Length)];
            case 3:
                return texts.Length == 0 ? "pi" : texts[random.Next(texts.Length)];
            case 4:
                return PackWords.All[random.Next(PackWords.Count)];
            case 5:
                return string.Concat(Enumerable.Range(0, random.Next(3)).Select(_ => PackWords.All[random.Next(PackWords.Count)] + "_")) + random.GetString("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 24);
            case 6:
                return random.GetString("qpzry9x8gf2tvdw0s3jn54khce6mua7l1", random.Next(60));
            case 7:
                return random.GetHexString(random.Next(40), lowercase: true);
            case 8:
                return new JsonArray([.. Enumerable.Range(0, random.Next(5)).Select(_ => Random(random, texts, numbers, depth + 1))]);
            default:
                var node = new JsonObject();
                for (var count = random.Next(6); count > 0; count--)
                    node[random.Next(2) == 0 ? PackWords.All[random.Next(PackWords.Count)] : "name " + random.Next(9)] = Random(random, texts, numbers, depth + 1);
                return node;
        }
    }
}
