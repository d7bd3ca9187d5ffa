using System.Collections.Immutable;
using System.Text.Json;
using Tributary.Payments.Invoices;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.Invoices;

/// <summary>A merchant's own data of an invoice: any JSON object, of which some members mean something.</summary>
/// <param name="Text">The object as it was sent.</param>
/// <param name="OrderId">The merchant's name for the order.</param>
/// <param name="BuyerEmail">Where a receipt is sent.</param>
/// <param name="ItemDescription">What is bought.</param>
/// <param name="Texts">What it can be found by.</param>
internal sealed record InvoiceMetadata(string Text, string? OrderId, string? BuyerEmail, string? ItemDescription, ImmutableArray<string> Texts)
{
    private const int OrderMax = 500;
    private const int TextMax = 200;
    private const int TextsMax = 50;

    public static InvoiceMetadata Read(GreenfieldBody body)
    {
        if (body.Raw("metadata", InvoiceService.MetadataMax) is not { } metadata)
            return new InvoiceMetadata("{}", null, null, null, []);
        var orderId = Member(metadata, "orderId");
        if (orderId is { Length: > OrderMax })
            body.Refuse("metadata.orderId", $"At most {OrderMax} characters.");
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var member in metadata.EnumerateObject())
        {
            if (texts.Count < TextsMax && member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            {
                var text = member.Value.ToString();
                texts.Add(text.Length <= TextMax ? text : text[..TextMax]);
            }
        }

        return new InvoiceMetadata(metadata.GetRawText(), orderId, Member(metadata, "buyerEmail"), Member(metadata, "itemDesc"), texts.ToImmutable());
    }

    // Shops number their orders, and some send the number as one.
    private static string? Member(JsonElement metadata, string name) =>
        metadata.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number && value.ToString() is { Length: > 0 } text ? text : null;
}
