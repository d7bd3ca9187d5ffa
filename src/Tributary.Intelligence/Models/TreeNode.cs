namespace Tributary.Intelligence.Models;

/// <summary>A question of a tree. A child is the index of a node when it is not negative, else the complement (~) of the index of a leaf.</summary>
/// <param name="Feature">The feature asked about.</param>
/// <param name="Threshold">Numeric: values up to it go left.</param>
/// <param name="Categories">Categorical: which categories go left; null for a numeric feature.</param>
/// <param name="MissingLeft">Whether NaN goes left.</param>
/// <param name="Left">The left child.</param>
/// <param name="Right">The right child.</param>
/// <param name="Gain">The reduction of the training loss by this split.</param>
public sealed record TreeNode(int Feature, float Threshold, CategorySet? Categories, bool MissingLeft, int Left, int Right, double Gain)
{
    /// <summary>Where a value goes.</summary>
    public bool GoesLeft(float value)
    {
        if (float.IsNaN(value))
            return MissingLeft;
        return Categories is null ? value <= Threshold : Categories.Contains(value);
    }
}
