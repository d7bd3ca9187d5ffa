namespace Tributary.Intelligence.Features.Planning;

/// <summary>A column that a window adds up.</summary>
/// <param name="Cell">Its place in a cell.</param>
/// <param name="Total">The place of the window's total in an entity's state.</param>
internal readonly record struct WindowColumn(int Cell, int Total);
