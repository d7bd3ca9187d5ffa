using System.Globalization;
using System.Text;

namespace Tributary.Intelligence.Fairness;

/// <summary>A model before and after reweighing, on the same test rows.</summary>
/// <param name="Table">The table.</param>
/// <param name="TestRows">Rows of the test.</param>
/// <param name="AucBefore">Area under the ROC curve before.</param>
/// <param name="AucAfter">And after.</param>
/// <param name="Before">The audit before.</param>
/// <param name="After">The audit after.</param>
/// <param name="CostPerThousand">What reweighing costs per 1,000 rows, in minor units, paired row by row; negative when it earns.</param>
public sealed record FairnessStudyReport(
    string Table, int TestRows, double AucBefore, double AucAfter, FairnessReport Before, FairnessReport After, FairnessMetric CostPerThousand)
{
    /// <summary>What reweighing costs in net value on the test rows, in minor units; negative when it earns.</summary>
    public long NetValueCost => checked(Before.NetValue - After.NetValue);

    /// <summary>The report as lines for a terminal.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Table}, {TestRows} test rows; the protected attribute is not among the features");
        text.AppendLine(CultureInfo.InvariantCulture, $"before reweighing, AUC {AucBefore:F4}");
        text.Append(Before.ToText());
        text.AppendLine(CultureInfo.InvariantCulture, $"after reweighing, AUC {AucAfter:F4}");
        text.Append(After.ToText());
        text.AppendLine(CultureInfo.InvariantCulture, $"cost of reweighing in net value: {NetValueCost}");
        FairnessReport.Append(text, "  ", CostPerThousand);
        return text.ToString();
    }
}
