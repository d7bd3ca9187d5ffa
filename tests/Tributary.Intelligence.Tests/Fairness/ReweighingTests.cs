using FsCheck;
using FsCheck.Fluent;
using Tributary.Intelligence.Fairness;

namespace Tributary.Intelligence.Tests.Fairness;

public sealed class ReweighingTests
{
    private static readonly ProtectedAttribute Sex = ProtectedAttribute.Named("sex");

    [Fact]
    public void Weights_are_those_of_the_paper()
    {
        // Kamiran and Calders (2012), table 1: of ten, five are men with four positives, five women with two.
        int[] groups = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
        float[] labels = [1, 1, 1, 1, 0, 1, 1, 0, 0, 0];
        var weights = Reweighing.Weights(labels, Column(groups));
        Assert.Equal([0.75f, 0.75f, 0.75f, 0.75f, 2f, 1.5f, 1.5f, 2 / 3f, 2 / 3f, 2 / 3f], weights);
    }

    [Fact]
    public void Under_the_weights_group_and_label_are_independent() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] bytes) =>
        {
            // Every cell is there at least once.
            int[] groups = [0, 0, 1, 1, .. bytes.Select(b => b & 1)];
            float[] labels = [0, 1, 0, 1, .. bytes.Select(b => (b & 6) == 0 ? 1f : 0)];
            var weights = Reweighing.Weights(labels, Column(groups));
            double Sum(Func<int, bool> where) => Enumerable.Range(0, labels.Length).Where(where).Sum(row => (double)weights[row]);
            var total = Sum(_ => true);
            var share = Sum(row => labels[row] > 0) / total;
            return Math.Abs(total - labels.Length) < 1e-3
                && Math.Abs((Sum(row => labels[row] > 0 && groups[row] == 0) / Sum(row => groups[row] == 0)) - share) < 1e-5
                && Math.Abs((Sum(row => labels[row] > 0 && groups[row] == 1) / Sum(row => groups[row] == 1)) - share) < 1e-5;
        }));

    [Fact]
    public void A_row_without_a_group_keeps_its_weight()
    {
        var column = ProtectedColumn.Create(Sex, ["a", "b"], [0, 1, ProtectedColumn.UnknownGroup]).Value;
        Assert.Equal(1, Reweighing.Weights([1, 0, 1], column)[2]);
    }

    private static ProtectedColumn Column(int[] groups) => ProtectedColumn.Create(Sex, ["a", "b"], groups).Value;
}
