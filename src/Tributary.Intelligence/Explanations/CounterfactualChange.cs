namespace Tributary.Intelligence.Explanations;

/// <summary>One change.</summary>
/// <param name="Feature">The feature's name.</param>
/// <param name="From">What it was; NaN when missing.</param>
/// <param name="To">What it would have to be.</param>
/// <param name="OrBeyond">Whether anything further the same way passes as well, down or up to the limit that makes sense.</param>
public sealed record CounterfactualChange(string Feature, float From, float To, bool OrBeyond);
