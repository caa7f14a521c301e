using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Recognitions;
using MediatR;

namespace EcoLabelRegistry.Pages;

/// <summary>A page that says what it shows in the vocabulary of https://schema.org as well.</summary>
public abstract class LinkedPage(IMediator mediator, TimeProvider clock) : ReadingPage(mediator, clock)
{
    /// <summary>Where the service is, without a slash at the end.</summary>
    protected string Site => $"{Request.Scheme}://{Request.Host}{Request.PathBase}";

    /// <summary>Who accepts a certificate itself on the date, in each of some categories, as a check answers it: standards, editions, tiers and conditions are judged too.</summary>
    /// <remarks>
    /// A partner who accepts no more than the verification, the audits or the tests behind a certificate does not accept the certificate, and a grant for a category in
    /// which the certificate has nothing says nothing of it.
    /// </remarks>
    /// <param name="scheme">Whose certificate it is.</param>
    /// <param name="id">Its id.</param>
    /// <param name="asked">What asks for it, without who is asked: a question for each category.</param>
    protected async Task<IReadOnlyList<ListRecognitions.Row>> RecognisersAsync(string scheme, string id, IReadOnlyCollection<CheckProduct.Request> asked)
    {
        var accepting = new List<ListRecognitions.Row>();
        var granted = (await AskAsync(new ListRecognitions.Request(Whole(), Recognised: scheme, AsOf: Asked, KnownAt: Moment))).Items;
        foreach (var grant in granted.Where(g => g.Policy is null && IsOfCertificate(g.Outcome)).DistinctBy(g => g.Recogniser, StringComparer.Ordinal))
        {
            var isAccepted = asked.Count > 0;
            foreach (var question in asked)
            {
                isAccepted = isAccepted && await AcceptsAsync(question with { RecognisedBy = grant.Recogniser }, id);
            }

            if (isAccepted)
            {
                accepting.Add(grant);
            }
        }

        return accepting;
    }

    private async Task<bool> AcceptsAsync(CheckProduct.Request question, string id)
    {
        try
        {
            return (await AskAsync(question)).Paths.Any(p => p.Certificate.Id == id && IsOfCertificate(p.Outcome));
        }
        catch (RefusalException refusal) when (refusal.ProblemCode == ProblemCode.Ambiguous)
        {
            return false; // several certificates have the number: nothing is said of one of them
        }
    }

    private static bool IsOfCertificate(Outcome? outcome) => outcome is Outcome.Recognised or Outcome.Conditional;
}
