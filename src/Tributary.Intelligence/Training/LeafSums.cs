namespace Tributary.Intelligence.Training;

/// <summary>Sums over the rows of a node, gradient and hessian in fixed point: whole numbers, exact.</summary>
internal readonly record struct LeafSums(double Gradient, double Hessian, double Count)
{
    public static LeafSums operator +(LeafSums a, LeafSums b) => new(a.Gradient + b.Gradient, a.Hessian + b.Hessian, a.Count + b.Count);

    public static LeafSums operator -(LeafSums a, LeafSums b) => new(a.Gradient - b.Gradient, a.Hessian - b.Hessian, a.Count - b.Count);
}
