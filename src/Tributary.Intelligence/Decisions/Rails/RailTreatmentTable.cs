using System.Collections.Frozen;
using System.Text.Json;
using Tributary.Intelligence.Policy;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Decisions.Rails;

/// <summary>
/// What verdicts do per rail and decision point: data, so that a rail is added or a hold shortened without a change of code. The table that the
/// program brings is <c>rail-treatments.json</c>; a merchant's own replaces it.
/// </summary>
public sealed class RailTreatmentTable
{
    /// <summary>Bytes of a table at most.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int MaxHoldDays = 30;
    private const string AnyPoint = "*";

    private readonly FrozenDictionary<(string Rail, DecisionPoint Point, Verdict Verdict), RailTreatment> _treatments;

    private RailTreatmentTable(Dictionary<(string Rail, DecisionPoint Point, Verdict Verdict), RailTreatment> treatments)
    {
        _treatments = treatments.ToFrozenDictionary();
        Rails = [.. treatments.Keys.Select(static key => key.Rail).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>The rails in the table.</summary>
    public IReadOnlyList<string> Rails { get; }

    /// <summary>The table that the program brings.</summary>
    public static RailTreatmentTable Default { get; } = LoadDefault();

    /// <summary>What a verdict does; null for a rail that the table does not have.</summary>
    public RailTreatment? Find(string rail, DecisionPoint point, Verdict verdict) => _treatments.GetValueOrDefault((rail, point, verdict));

    /// <summary>
    /// Reads a table: <c>{ "rail": { "point or *": { "verdict": { "action", "hold_at_most", "after_hold", "note" } } } }</c>. Refused with the place: anything that
    /// is not such JSON, an unknown point, verdict or action, a hold without an end, a rail that lacks a verdict at a point.
    /// </summary>
    public static Result<RailTreatmentTable, Refusal> Parse(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
            return new Refusal("table", $"The table has {utf8.Length} bytes, {MaxBytes} are possible.");
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 8 });
            return Read(document.RootElement);
        }
        catch (InvalidOperationException)
        {
            return new Refusal("table", "A text holds a broken escape sequence.");
        }
        catch (JsonException exception)
        {
            return new Refusal($"line {exception.LineNumber + 1}", "Not JSON, or nested too deep.");
        }
    }

    private static RailTreatmentTable LoadDefault()
    {
        using var stream = typeof(RailTreatmentTable).Assembly.GetManifestResourceStream("rail-treatments.json")
            ?? throw new InvalidOperationException("The assembly lacks rail-treatments.json.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Parse(bytes).Value;
    }

    private static Result<RailTreatmentTable, Refusal> Read(JsonElement root)
    {
        var treatments = new Dictionary<(string, DecisionPoint, Verdict), RailTreatment>();
        if (root.ValueKind != JsonValueKind.Object)
            return new Refusal("table", "The table is an object of rails.");
        foreach (var rail in root.EnumerateObject())
        {
            if (ReadRail(rail.Name, rail.Value, treatments) is { } refusal)
                return refusal;
        }

        return new RailTreatmentTable(treatments);
    }

    private static Refusal? ReadRail(string rail, JsonElement element, Dictionary<(string, DecisionPoint, Verdict), RailTreatment> treatments)
    {
        if (rail.Length is 0 or > 64)
            return new Refusal(rail, "A rail's name has 1 to 64 characters.");
        if (element.ValueKind != JsonValueKind.Object)
            return new Refusal(rail, "A rail is an object of decision points.");

        // The points named come after *, so that they replace it.
        foreach (var point in element.EnumerateObject().OrderBy(static point => point.Name is AnyPoint ? 0 : 1))
        {
            var path = $"{rail}.{point.Name}";
            DecisionPoint[] points;
            if (point.Name is AnyPoint)
                points = Enum.GetValues<DecisionPoint>();
            else if (TryName<DecisionPoint>(point.Name, out var named))
                points = [named];
            else
                return new Refusal(path, "Decision points are sign_in, checkout, confirm, refund, payout, and * for all others.");
            if (point.Value.ValueKind != JsonValueKind.Object)
                return new Refusal(path, "A decision point is an object of verdicts.");
            foreach (var verdict in point.Value.EnumerateObject())
            {
                if (!TryName<Verdict>(verdict.Name, out var which))
                    return new Refusal($"{path}.{verdict.Name}", "Verdicts are allow, step_up, review and block.");
                if (!ReadTreatment($"{path}.{verdict.Name}", verdict.Value).TryGet(out var treatment, out var refusal))
                    return refusal;
                foreach (var each in points)
                    treatments[(rail, each, which)] = treatment;
            }
        }

        foreach (var point in Enum.GetValues<DecisionPoint>())
        {
            foreach (var verdict in Enum.GetValues<Verdict>())
            {
                if (!treatments.ContainsKey((rail, point, verdict)))
                    return new Refusal($"{rail}.{Snake(point.ToString())}", $"The verdict {Snake(verdict.ToString())} is missing here and under *.");
            }
        }

        return null;
    }

    private static Result<RailTreatment, Refusal> ReadTreatment(string path, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return new Refusal(path, "A treatment is an object with an action and a note.");
        RailAction? action = null, after = null;
        TimeSpan? hold = null;
        var note = "";
        foreach (var property in element.EnumerateObject())
        {
            var text = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : "";
            switch (property.Name)
            {
                case "action" when TryName<RailAction>(text, out var named):
                    action = named;
                    break;
                case "after_hold" when TryName<RailAction>(text, out var named):
                    after = named;
                    break;
                case "hold_at_most" when TimeSpan.TryParseExact(text, @"d\.hh\:mm\:ss", formatProvider: null, out var time) && time > TimeSpan.Zero && time.TotalDays <= MaxHoldDays:
                    hold = time;
                    break;
                case "note" when text.Length <= 500:
                    note = text;
                    break;
                default:
                    return new Refusal($"{path}.{property.Name}", $"Not known, or not of its kind: action and after_hold are among the actions, hold_at_most is d.hh:mm:ss up to {MaxHoldDays} days, note is a text.");
            }
        }

        if (action is null)
            return new Refusal(path, "A treatment has an action.");
        if ((hold is null) != (after is null))
            return new Refusal(path, "hold_at_most and after_hold go together: a hold has an end, and something happens then.");
        var holds = action is RailAction.HoldHtlc or RailAction.ManualCapture or RailAction.Queue;
        return holds && hold is null
            ? new Refusal(path, "What is held needs hold_at_most and after_hold.")
            : new RailTreatment(action.Value, hold, after, note);
    }

    private static bool TryName<T>(string name, out T value)
        where T : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (string.Equals(Snake(candidate.ToString()), name, StringComparison.Ordinal))
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
