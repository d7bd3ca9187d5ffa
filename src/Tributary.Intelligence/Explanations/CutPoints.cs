using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Explanations;

/// <summary>
/// Where a model's score can jump or bend as one numeric feature moves. Between two neighbours the score only rises or only falls, or stands still, provided
/// that the model is made of trees and regressions.
/// </summary>
internal static class CutPoints
{
    /// <summary>For each feature the cut points, ascending: a value up to one is on its lower side.</summary>
    public static float[][] Of(IModel model)
    {
        var points = new SortedSet<float>[model.Schema.Count];
        for (var feature = 0; feature < points.Length; feature++)
            points[feature] = [];
        Collect(model, points);
        return [.. points.Select(set => set.ToArray())];
    }

    private static void Collect(IModel model, SortedSet<float>[] points)
    {
        switch (model)
        {
            case GbdtModel trees:
                foreach (var node in trees.Trees.SelectMany(tree => tree.Nodes).Where(node => node.Categories is null && float.IsFinite(node.Threshold)))
                    points[node.Feature].Add(node.Threshold);
                break;
            case LogisticModel logistic:
                for (var feature = 0; feature < points.Length; feature++)
                {
                    if (logistic.Schema.Kinds[feature] == FeatureKind.Numeric && logistic.Terms[feature] is NumericTerm term)
                        points[feature].UnionWith([term.Least, term.Greatest, .. term.Knots]);
                }

                break;
            case CalibratedModel calibrated:
                Collect(calibrated.Inner, points);
                break;
            case BlendedModel blend:
                foreach (var member in blend.Models)
                    Collect(member, points);
                break;
            default:
                throw new NotSupportedException($"{model.GetType().Name} is neither trees nor a regression.");
        }
    }
}
