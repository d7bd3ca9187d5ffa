using System.Collections.Immutable;

namespace Tributary.Intelligence.Decisions.Rights;

/// <summary>
/// The answer to a person who asks what was decided about them by a machine and how (GDPR article 15, paragraph 1, letter h): the data, the logic that was
/// applied to them, its meaning and what followed. Handed out by a person of the merchant after the asker proved who they are; what the checkout shows is
/// a <see cref="PayerNotice"/>.
/// </summary>
/// <param name="HowItWorks">How decisions are taken, in general.</param>
/// <param name="Rights">What the person can do about them.</param>
/// <param name="Decisions">The decisions, the oldest first.</param>
/// <param name="Offers">Which payment methods and rails were put first for the person, the oldest first.</param>
public sealed record PersonExport(string HowItWorks, string Rights, ImmutableArray<ExportedDecision> Decisions, ImmutableArray<ExportedOffer> Offers);
