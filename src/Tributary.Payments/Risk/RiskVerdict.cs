namespace Tributary.Payments.Risk;

/// <summary>What is to happen, mildest first: of two the larger is the more severe.</summary>
public enum RiskVerdict
{
    /// <summary>It goes on.</summary>
    Allow = 0,

    /// <summary>It goes on once the shopper has proved more about themselves.</summary>
    StepUp = 1,

    /// <summary>A person decides; money is held meanwhile where the rail can hold it.</summary>
    Review = 2,

    /// <summary>It is refused.</summary>
    Block = 3,
}
