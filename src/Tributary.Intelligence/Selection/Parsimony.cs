namespace Tributary.Intelligence.Selection;

/// <summary>How much a selection gives for a simpler family (<see cref="ModelFamily"/>, simplest first).</summary>
public enum Parsimony
{
    /// <summary>Nothing: the best on average is chosen.</summary>
    None,

    /// <summary>
    /// A simpler family is chosen when the best is not better by more than one standard error of their difference, fold by fold: only what can't be
    /// told apart.
    /// </summary>
    Paired,

    /// <summary>A simpler family is chosen within one standard error of the best's own mean (Breiman et al., 1984): it may cost what a new sample of rows would.</summary>
    OneStandardError,
}
