using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Models;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Decisions;

/// <summary>A model as decisions use it.</summary>
/// <param name="Model">The model.</param>
/// <param name="Hash">SHA-256 of its file: what the journal refers to.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Explainer">Gives its reasons; null where there are none.</param>
public sealed record ModelInUse(IModel Model, Bytes32 Hash, string Name, IExplainer? Explainer);
