using System.Globalization;
using System.Text.Json;
using Tributary.Payments.Money;

namespace Tributary.Server.Greenfield.Frame;

/// <summary>
/// Reads an object of a request's body. A member that is absent and one that is null are the same; members that nobody asks for are passed over, as
/// clients of other versions send them. What is wrong is collected, all of it.
/// </summary>
internal sealed class GreenfieldBody(JsonElement value, string path, List<GreenfieldProblem> problems, GreenfieldRecord? record)
{
    private const int ItemsMax = 1000;

    /// <summary>Is there a value of this name, null aside?</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>A text; numbers and flags are taken as they are written.</summary>
    public string? Text(string name, int lengthMax)
    {
        Note(name, "string");
        if (Find(name) is not { } found)
            return null;
        var text = found.ValueKind switch
        {
            JsonValueKind.String => found.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => found.GetRawText(),
            _ => null,
        };
        if (text is null)
            Refuse(name, "A text is expected.");
        else if (text.Length > lengthMax)
            Refuse(name, $"At most {lengthMax.ToString(CultureInfo.InvariantCulture)} characters.");
        return text;
    }

    /// <summary>A text that has to be there.</summary>
    public string RequiredText(string name, int lengthMax)
    {
        var text = Text(name, lengthMax);
        if (string.IsNullOrEmpty(text))
            Refuse(name, "This is required.");
        return text ?? "";
    }

    /// <summary>A whole number, as one or as text.</summary>
    public long? Integer(string name, long least, long most)
    {
        Note(name, "integer");
        if (Find(name) is not { } found)
            return null;
        if (!TryDecimal(found, out var number) || number != decimal.Truncate(number) || number < least || number > most)
        {
            Refuse(name, $"A whole number from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)} is expected.");
            return null;
        }

        return (long)number;
    }

    /// <summary>A number that is no money, as one or as text.</summary>
    public decimal? Number(string name, decimal least, decimal most)
    {
        Note(name, "number");
        if (Find(name) is not { } found)
            return null;
        if (!TryDecimal(found, out var number) || number < least || number > most)
        {
            Refuse(name, $"A number from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)} is expected.");
            return null;
        }

        return number;
    }

    /// <summary>A decimal amount, as text (exact in every client) or as a number, as it is written; null where there is none.</summary>
    public string? AmountText(string name)
    {
        Note(name, "amount");
        if (Find(name) is not { } found)
            return null;
        var text = found.ValueKind switch { JsonValueKind.String => found.GetString(), JsonValueKind.Number => found.GetRawText(), _ => null };
        if (text is null || !TryDecimal(found, out _))
        {
            Refuse(name, "A decimal amount is expected, as text.");
            return null;
        }

        return text;
    }

    /// <summary>An amount of money in a currency; zero and less are refused, and so is what the currency cannot express.</summary>
    public CurrencyAmount? Amount(string name, Currency currency)
    {
        var text = AmountText(name);
        if (text is null)
            return null;
        if (GreenfieldAmounts.TryParse(text, currency, out var amount, out var problem))
            return amount;
        Refuse(name, problem);
        return null;
    }

    public bool? Flag(string name)
    {
        Note(name, "boolean");
        if (Find(name) is not { } found)
            return null;
        switch (found.ValueKind)
        {
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            case JsonValueKind.String when bool.TryParse(found.GetString(), out var flag):
                return flag;
            default:
                Refuse(name, "True or false is expected.");
                return null;
        }
    }

    /// <summary>A time in Unix seconds.</summary>
    public DateTimeOffset? Time(string name) => Integer(name, 0, 253_402_300_799) is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>One of some words, in any case.</summary>
    public T? Word<T>(string name, IReadOnlyDictionary<string, T> words)
        where T : struct
    {
        record?.Add(new GreenfieldRecord.Member(At(name), "string", false) { Words = [.. words.Keys] });
        if (Find(name) is not { } found)
            return null;
        var text = found.ValueKind == JsonValueKind.String ? found.GetString() : found.GetRawText();
        foreach (var (word, meaning) in words)
        {
            if (string.Equals(word, text, StringComparison.OrdinalIgnoreCase))
                return meaning;
        }

        Refuse(name, $"One of {string.Join(", ", words.Keys)} is expected.");
        return null;
    }

    /// <summary>A list of texts; null where there is none.</summary>
    public IReadOnlyList<string>? Texts(string name, int lengthMax, int countMax = ItemsMax)
    {
        record?.Add(new GreenfieldRecord.Member(At(name), "string", false) { IsRepeated = true });
        if (Find(name) is not { } found)
            return null;
        if (found.ValueKind == JsonValueKind.String)
            return found.GetString()!.Length <= lengthMax ? [found.GetString()!] : Refused(name, lengthMax);
        if (found.ValueKind != JsonValueKind.Array || found.GetArrayLength() > countMax)
        {
            Refuse(name, $"A list of at most {countMax.ToString(CultureInfo.InvariantCulture)} texts is expected.");
            return null;
        }

        var texts = new List<string>(found.GetArrayLength());
        foreach (var item in found.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || item.GetString()!.Length > lengthMax)
                return Refused(name, lengthMax);
            texts.Add(item.GetString()!);
        }

        return texts;
    }

    /// <summary>An object within; one that is empty where there is none. An empty list counts as an empty object, which is how PHP writes one.</summary>
    public GreenfieldBody Inner(string name)
    {
        Note(name, "object");
        if (Find(name) is not { } found || (found.ValueKind == JsonValueKind.Array && found.GetArrayLength() == 0))
            return new GreenfieldBody(default, At(name), problems, record);
        if (found.ValueKind != JsonValueKind.Object)
        {
            Refuse(name, "An object is expected.");
            return new GreenfieldBody(default, At(name), problems, record);
        }

        return new GreenfieldBody(found, At(name), problems, record);
    }

    /// <summary>An object as it was sent, whatever its members are; null where there is none.</summary>
    public JsonElement? Raw(string name, int bytesMax)
    {
        Note(name, "object");
        if (Find(name) is not { } found)
            return null;
        if (found.ValueKind == JsonValueKind.Array && found.GetArrayLength() == 0)
            return null;
        if (found.ValueKind != JsonValueKind.Object)
        {
            Refuse(name, "An object is expected.");
            return null;
        }

        if (found.GetRawText().Length <= bytesMax)
            return found;
        Refuse(name, $"At most {bytesMax.ToString(CultureInfo.InvariantCulture)} characters of JSON.");
        return null;
    }

    /// <summary>Says what is wrong with a member.</summary>
    public void Refuse(string name, string message) => problems.Add(new GreenfieldProblem(At(name), message));

    internal JsonElement? Find(string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var found) && found.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? found : null;

    private static bool TryDecimal(JsonElement found, out decimal number)
    {
        number = 0;
        return found.ValueKind switch
        {
            JsonValueKind.Number => found.TryGetDecimal(out number),
            JsonValueKind.String => decimal.TryParse(
                found.GetString(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
    }

    private List<string>? Refused(string name, int lengthMax)
    {
        Refuse(name, $"Texts of at most {lengthMax.ToString(CultureInfo.InvariantCulture)} characters are expected.");
        return null;
    }

    private void Note(string name, string type) => record?.Add(new GreenfieldRecord.Member(At(name), type, false));

    private string At(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
