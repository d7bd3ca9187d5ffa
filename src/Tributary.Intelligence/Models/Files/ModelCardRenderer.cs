using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Models.Files;

/// <summary>A model card as JSON for machines, Markdown for repositories and HTML for people. One content, three forms.</summary>
public static class ModelCardRenderer
{
    private const int StrongestFeatures = 15;

    private static readonly JsonWriterOptions JsonOptions = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The card as JSON.</summary>
    /// <param name="file">The model.</param>
    /// <param name="identity">The file's hash.</param>
    public static string ToJson(ModelFile file, Bytes32 identity)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteString("identity", Hash(identity));
            foreach (var (title, rows) in Sections(file))
            {
                json.WriteStartObject(title.ToLowerInvariant().Replace(' ', '_'));
                foreach (var (name, value) in rows)
                    json.WriteString(name, value);
                json.WriteEndObject();
            }

            json.WriteStartArray("limits");
            foreach (var limit in file.Card.Limits)
                json.WriteStringValue(limit);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The card as Markdown.</summary>
    /// <param name="file">The model.</param>
    /// <param name="identity">The file's hash.</param>
    public static string ToMarkdown(ModelFile file, Bytes32 identity)
    {
        var text = new StringBuilder().Append("# ").AppendLine(Line(file.Card.Name)).AppendLine().Append("Identity `").Append(Hash(identity)).AppendLine("`");
        foreach (var (title, rows) in Sections(file))
        {
            text.AppendLine().Append("## ").AppendLine(title).AppendLine().AppendLine("| | |").AppendLine("| --- | --- |");
            foreach (var (name, value) in rows)
                text.Append("| ").Append(Cell(name)).Append(" | ").Append(Cell(value)).AppendLine(" |");
        }

        if (!file.Card.Limits.IsEmpty)
            text.AppendLine().AppendLine("## Limits").AppendLine();
        foreach (var limit in file.Card.Limits)
            text.Append("- ").AppendLine(Line(limit));
        return text.ToString();

        static string Line(string value) => value.ReplaceLineEndings(" ");
        static string Cell(string value) => Line(value).Replace("|", "\\|", StringComparison.Ordinal);
    }

    /// <summary>The card as a part of an HTML page.</summary>
    /// <param name="file">The model.</param>
    /// <param name="identity">The file's hash.</param>
    public static string ToHtml(ModelFile file, Bytes32 identity)
    {
        var html = new StringBuilder().Append("<article class=\"model-card\"><h1>").Append(Encode(file.Card.Name)).Append("</h1><p>Identity <code>")
            .Append(Hash(identity)).Append("</code></p>");
        foreach (var (title, rows) in Sections(file))
        {
            html.Append("<h2>").Append(Encode(title)).Append("</h2><table>");
            foreach (var (name, value) in rows)
                html.Append("<tr><th scope=\"row\">").Append(Encode(name)).Append("</th><td>").Append(Encode(value)).Append("</td></tr>");
            html.Append("</table>");
        }

        if (!file.Card.Limits.IsEmpty)
        {
            html.Append("<h2>Limits</h2><ul>");
            foreach (var limit in file.Card.Limits)
                html.Append("<li>").Append(Encode(limit)).Append("</li>");
            html.Append("</ul>");
        }

        return html.Append("</article>").ToString();

        static string Encode(string value) => WebUtility.HtmlEncode(value);
    }

    private static IEnumerable<(string Title, IReadOnlyList<(string Name, string Value)> Rows)> Sections(ModelFile file)
    {
        var lineage = file.Lineage;
        yield return ("Use", [("Purpose", file.Card.Purpose), ("Not for", file.Card.NotFor), ("Contact", file.Card.Contact)]);
        yield return ("Model", [("Kind", Describe(file.Model)), ("Features", $"{file.Model.Schema.Count}"), ("Trained at", Time(lineage.TrainedAt)), ("Follows", Parent(lineage))]);
        yield return ("Training data",
        [
            ("Name", lineage.DataName),
            ("SHA-256", Hash(lineage.DataHash)),
            ("Rows", Number(lineage.Rows)),
            ("Positives", lineage.Rows == 0 ? Number(lineage.Positives) : $"{Number(lineage.Positives)} ({lineage.Positives / (double)lineage.Rows:P2})"),
            ("From", Time(lineage.DataFrom)),
            ("To", Time(lineage.DataTo)),
        ]);
        yield return ("Measured on rows left out", [.. lineage.Metrics.Select(metric => (metric.Key, metric.Value.ToString("G6", CultureInfo.InvariantCulture)))]);
        yield return ("Options", [.. lineage.Options.Select(option => (option.Key, option.Value))]);
        if (Strongest(file.Model) is { Count: > 0 } strongest)
            yield return ("Strongest features", strongest);
    }

    private static string Describe(IModel model) => model switch
    {
        GbdtModel { Link: ScoreLink.Share } forest => $"random forest of {forest.Trees.Length} trees",
        GbdtModel trees => $"gradient-boosted trees, {trees.Trees.Length} of at most {trees.Trees.Select(tree => tree.LeafValues.Length).DefaultIfEmpty(1).Max()} leaves",
        LogisticModel => "logistic regression",
        CalibratedModel calibrated => $"{Describe(calibrated.Inner)}, calibrated ({(calibrated.Calibration is IsotonicCalibration ? "isotonic" : "Platt")})",
        BlendedModel blend => "blend of " + string.Join(" and ", blend.Models.Select((member, i) => $"{blend.Weights[i]:0.##} {Describe(member)}")),
        _ => model.GetType().Name,
    };

    /// <summary>The features by their share of the trees' gain, or by the spread of their terms; none for other models.</summary>
    private static List<(string Name, string Value)> Strongest(IModel model)
    {
        if (model is CalibratedModel calibrated)
            return Strongest(calibrated.Inner);
        if (model is BlendedModel blend)
            return Strongest(blend.Models[0]);
        if (model is not GbdtModel trees)
            return [];
        return
        [
            .. trees.GainShares().Select((share, feature) => (Share: share, Name: model.Schema.Names[feature]))
                .Where(pair => pair.Share > 0)
                .OrderByDescending(pair => pair.Share)
                .Take(StrongestFeatures)
                .Select(pair => (pair.Name, $"{pair.Share:P1}")),
        ];
    }

    private static string Parent(ModelLineage lineage) => lineage.Parent == default ? "nothing" : Hash(lineage.Parent);

    private static string Hash(Bytes32 hash) => Convert.ToHexStringLower(hash.Span);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(long seconds) => seconds is <= 0 or > 253_402_300_799
        ? "not known"
        : DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
