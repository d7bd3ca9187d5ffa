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
    /// Takes the protected attribute out of a table, and every other column that its names stand for. Refused: a table without the attribute, or one
    /// in which it is a quantity (make bands of it first).
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="attribute">The attribute; the first column that it names gives the groups.</param>
    public static Result<AuditTable, Refusal> Create(TabularTable table, ProtectedAttribute attribute)
    {
        var schema = table.X.Schema;
        var named = Enumerable.Range(0, schema.Count).Where(feature => attribute.IsNamedBy(schema.Names[feature])).ToArray();
        if (named.Length == 0)
            return new Refusal("attribute", $"The table has no column for \"{attribute.Name}\".");
        if (schema.Kinds[named[0]] != FeatureKind.Categorical)
            return new Refusal(schema.Names[named[0]], "The attribute is a quantity: make bands of it first.");

        var codes = table.X.Column(named[0]);
        var groups = new int[codes.Length];
        for (var row = 0; row < groups.Length; row++)
            groups[row] = float.IsNaN(codes[row]) ? ProtectedColumn.UnknownGroup : (int)codes[row];
        if (!ProtectedColumn.Create(attribute, table.CategoryNames[named[0]], groups).TryGet(out var column, out var refusal))
            return refusal;

        var kept = Enumerable.Range(0, schema.Count).Except(named).ToArray();
        var features = new FeatureSchema([.. kept.Select(feature => schema.Names[feature])], [.. kept.Select(feature => schema.Kinds[feature])]);
        return new AuditTable(new FeatureMatrix(features, [.. kept.Select(feature => table.X.Column(feature).ToArray())]), table.Y, column);
    }

    /// <summary>The rows named, in that order.</summary>
    public AuditTable Select(int[] rows) => new(X.Select(rows), [.. rows.Select(row => Y[row])], Protected.Select(rows));
}
