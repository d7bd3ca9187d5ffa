using System.Text;
using System.Text.Json;
using Tributary.Payments.Errors;
using Tributary.Primitives.Results;

namespace Tributary.Payments.Lnurl;

/// <summary>What a payer says about themselves (LUD-18).</summary>
/// <param name="Text">As it came: the invoice commits to it, letter by letter.</param>
/// <param name="Name">The payer's name.</param>
/// <param name="Email">The payer's e-mail address.</param>
public sealed record PayerData(string Text, string? Name, string? Email)
{
    private const int BytesMax = 2048;
    private const int ValueLengthMax = 200;
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 4 };

    /// <summary>Reads what a wallet sent and holds it to what was asked for.</summary>
    /// <param name="text">The parameter, decoded; null where it is absent.</param>
    /// <param name="asked">What the payer was asked for.</param>
    public static Result<PayerData, PaymentError> Read(string? text, LightningName asked)
    {
        if (string.IsNullOrEmpty(text))
            return Demand(new PayerData("", null, null), asked);
        if (Encoding.UTF8.GetByteCount(text) > BytesMax)
            return Refuse($"What is said about the payer has more than {BytesMax} bytes.");
        try
        {
            using var document = JsonDocument.Parse(text, s_options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return Refuse("What is said about the payer is no JSON object.");
            return !TryValue(document.RootElement, "name", out var name) || !TryValue(document.RootElement, "email", out var email)
                ? Refuse($"A name and an e-mail address are text of at most {ValueLengthMax} characters.")
                : Demand(new PayerData(text, name, email), asked);
        }
        catch (JsonException)
        {
            return Refuse("What is said about the payer is no JSON.");
        }
    }

    /// <summary>Never who it is.</summary>
    public override string ToString() => nameof(PayerData);

    private static Result<PayerData, PaymentError> Demand(PayerData data, LightningName asked)
    {
        if (asked.AskName == PayerDataRule.Mandatory && string.IsNullOrWhiteSpace(data.Name))
            return Refuse("This payee asks for the payer's name: your wallet did not send one.");
        if (asked.AskEmail == PayerDataRule.Mandatory && (data.Email is null || !data.Email.Contains('@', StringComparison.Ordinal)))
            return Refuse("This payee asks for the payer's e-mail address: your wallet did not send one.");
        return data;
    }

    private static bool TryValue(JsonElement data, string key, out string? value)
    {
        value = null;
        if (!data.TryGetProperty(key, out var found) || found.ValueKind == JsonValueKind.Null)
            return true;
        if (found.ValueKind != JsonValueKind.String || found.GetString() is not { Length: <= ValueLengthMax } text)
            return false;
        value = text.Length == 0 ? null : text;
        return true;
    }

    private static PaymentError Refuse(string message) => PaymentError.Invalid("parameter_invalid", "payerdata", message);
}
