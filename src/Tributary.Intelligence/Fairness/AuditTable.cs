using System.Collections.Immutable;
using System.Globalization;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Tabular;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Fairness;

/// <summary>A table whose protected column stands apart from the features, so that a model trained on the features cannot see it.</summary>
/// <param name="X">The features without the protected attribute.</param>
/// <param name="Y">The labels.</param>
/// <param name="Protected">The groups.</param>
public sealed record AuditTable(FeatureMatrix X, float[] Y, ProtectedColumn Protected)
{
    /// <summary>
    /// Takes the protected attribute out of a table, and every other column that its names stand for. Refused: a table without the attribute, a
    /// quantity without bands, bands that do not rise.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="attribute">The attribute; the first column that it names gives the groups.</param>
    /// <param name="bands">Where a quantity, such as an age, is cut into groups: each value begins one.</param>
    public static Result<AuditTable, Refusal> Create(TabularTable table, ProtectedAttribute attribute, ImmutableArray<float> bands = default)
    {
        var schema = table.X.Schema;
        var named = Enumerable.Range(0, schema.Count).Where(feature => attribute.IsNamedBy(schema.Names[feature])).ToArray();
        if (named.Length == 0)
            return new Refusal("attribute", $"The table has no column for \"{attribute.Name}\".");
        if (!Groups(table, named[0], attribute, bands).TryGet(out var column, out var refusal))
            return refusal;

        var kept = Enumerable.Range(0, schema.Count).Except(named).ToArray();
        var features = new FeatureSchema([.. kept.Select(feature => schema.Names[feature])], [.. kept.Select(feature => schema.Kinds[feature])]);
        return new AuditTable(new FeatureMatrix(features, [.. kept.Select(feature => table.X.Column(feature).ToArray())]), table.Y, column);
    }

    private static Result<ProtectedColumn, Refusal> Groups(TabularTable table, int feature, ProtectedAttribute attribute, ImmutableArray<float> bands)
    {
        var values = table.X.Column(feature);
        var groups = new int[values.Length];
        if (table.X.Schema.Kinds[feature] == FeatureKind.Categorical)
        {
            for (var row = 0; row < groups.Length; row++)
                groups[row] = float.IsNaN(values[row]) ? ProtectedColumn.UnknownGroup : (int)values[row];
            return ProtectedColumn.Create(attribute, table.CategoryNames[feature], groups);
        }

        if (bands.IsDefaultOrEmpty)
            return new Refusal(table.X.Schema.Names[feature], "The attribute is a quantity: say where its groups begin.");
        for (var band = 0; band < bands.Length; band++)
        {
            if (!float.IsFinite(bands[band]) || (band > 0 && bands[band] <= bands[band - 1]))
                return new Refusal("bands", "Bands are finite numbers that rise.");
        }

        for (var row = 0; row < groups.Length; row++)
            groups[row] = float.IsNaN(values[row]) ? ProtectedColumn.UnknownGroup : BandOf(values[row], bands);
        return ProtectedColumn.Create(attribute, [.. Enumerable.Range(0, bands.Length + 1).Select(band => NameOf(band, bands))], groups);
    }

    private static int BandOf(float value, ImmutableArray<float> bands)
    {
        var band = 0;
        while (band < bands.Length && value >= bands[band])
            band++;
        return band;
    }

    private static string NameOf(int band, ImmutableArray<float> bands) =>
        band == 0 ? string.Create(CultureInfo.InvariantCulture, $"below {bands[0]}")
        : band == bands.Length ? string.Create(CultureInfo.InvariantCulture, $"{bands[^1]} and above")
        : string.Create(CultureInfo.InvariantCulture, $"{bands[band - 1]} to below {bands[band]}");

    /// <summary>The rows named, in that order.</summary>
    public AuditTable Select(int[] rows) => new(X.Select(rows), [.. rows.Select(row => Y[row])], Protected.Select(rows));
}
