using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Tributary.Payments.Storage.Packing;

/// <summary>
/// Documents in a form that takes less than a quarter of their JSON: names of properties and common values as numbers, identifiers, times and payment hashes
/// as the bytes that they stand for, and what a document says twice once. A row holds the JSON of before or this form; both are read for ever.
/// </summary>
/// <remarks>
/// General compression gains little on documents of a kilobyte that share nothing but their names, and a dictionary for it is not in .NET's
/// library; a document is packed in some microseconds.
/// </remarks>
public static class DocumentPack
{
    /// <summary>No document is longer: what repeats a long text many times is short when it is packed.</summary>
    public const int JsonBytesMax = 32 << 20;

    private const byte Format = 1;

    /// <summary>Packs one JSON value that the program itself wrote.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static byte[] Pack(ReadOnlySpan<byte> json)
    {
        if (json.Length > JsonBytesMax)
            throw new JsonException("The document is too long.");
        var scratch = ArrayPool<byte>.Shared.Rent(Math.Max(json.Length, 1));
        try
        {
            var writer = new PackWriter(scratch);
            var reader = new Utf8JsonReader(json);
            writer.Add(Format);
            reader.Read();
            writer.AddValue(ref reader);
            if (reader.Read())
                throw new JsonException("More than one value.");
            return writer.Packed.ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch, clearArray: true);
        }
    }

    /// <inheritdoc cref="Pack(ReadOnlySpan{byte})"/>
    public static byte[] Pack(string json) => Pack(Encoding.UTF8.GetBytes(json));

    /// <summary>The JSON of a packed document, in UTF-8.</summary>
    /// <exception cref="InvalidDataException">Nobody packed these bytes, or a later version of the program did.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed) =>
        TryUnpack(packed, out var json) ? json : throw new InvalidDataException("A stored document is damaged, or a later version of the program wrote it.");

    /// <summary>The JSON of a packed document; false for bytes that nobody packed.</summary>
    public static bool TryUnpack(ReadOnlySpan<byte> packed, out byte[] json)
    {
        json = [];
        if (packed is not [Format, .. var body])
            return false;
        var text = new ArrayBufferWriter<byte>(Math.Min(packed.Length, 1 << 16) * 6);
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { SkipValidation = true }))
        {
            var reader = new PackReader(body);
            if (!reader.TryRead(writer) || !reader.IsAtEnd)
                return false;
        }

        json = text.WrittenSpan.ToArray();
        return true;
    }

    /// <summary>The JSON of a row that holds it as text, from before documents were packed, or packed.</summary>
    internal static byte[] Read(string? text, byte[]? packed) => packed is null ? Encoding.UTF8.GetBytes(text ?? "") : Unpack(packed);
}
