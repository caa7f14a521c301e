using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using FluentValidation.Results;
using MediatR;

namespace EcoLabelRegistry.Checks;

/// <summary>The main question: is a product certified under a scheme that the recogniser recognises, on a date, and what is left to prove?</summary>
public static class CheckProduct
{
    private static readonly ProblemCode[] Refusals =
        [ProblemCode.InvalidSelector, ProblemCode.Ambiguous, ProblemCode.UnknownRecogniser, ProblemCode.UnknownScheme, ProblemCode.UnknownCategory];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/check", (Parameters<Request> question, IMediator mediator, CancellationToken cancel) => AnswerAsync(question.Value, mediator, cancel))
            .WithName(nameof(CheckProduct))
            .WithSummary("Ask whether a product or certificate is recognised")
            .WithExample(CheckExample.Answer)
            .IsTriedWith("scheme", "certificate")
            .Refuses(Refusals);
        routes.MapPost("/check", (Body<Request> question, IMediator mediator, CancellationToken cancel) => AnswerAsync(question.Value, mediator, cancel))
            .WithName(nameof(CheckProduct) + "ByPost")
            .WithSummary("Ask whether a product or certificate is recognised, with the question as JSON")
            .WithBodyExample(CheckExample.Question)
            .WithExample(CheckExample.Answer)
            .Refuses(Refusals);
    }

    private static async Task<Reply<CheckAnswer>> AnswerAsync(Request question, IMediator mediator, CancellationToken cancel)
    {
        var answer = await mediator.Send(question, cancel);
        return Reply.Computed(answer, answer.Revision);
    }

    /// <param name="RecognisedBy" example="cel">Code of a scheme, policy or label body; <c>body:…</c> forces the body.</param>
    /// <param name="Gtin">8, 12, 13 or 14 digits, or a GS1 Digital Link.</param>
    /// <param name="Brand" example="RISOGRAPH">Brand, with the model.</param>
    /// <param name="Model" example="MF935">Model, with the brand.</param>
    /// <param name="Product" example="p-93fc56e22692c3490803">Id of a product.</param>
    /// <param name="Scheme" example="eco-mark">Code or alias of a scheme, with the certificate.</param>
    /// <param name="Certificate" example="17 133 003">Number of a certificate, with the scheme.</param>
    /// <param name="Category" example="it.digital-duplicator">Own code, <c>cpv:…</c> or <c>unspsc:…</c>; only lines in it count.</param>
    /// <param name="Territory" example="JP">ISO 3166-1 or -2; only certificates that count there count.</param>
    /// <param name="AsOf">The date asked about; today (UTC) unless given.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    /// <param name="MinLevel" example="evidence">Weakest level accepted.</param>
    public sealed record Request(
        string RecognisedBy,
        Gtin? Gtin = null,
        string? Brand = null,
        string? Model = null,
        string? Product = null,
        string? Scheme = null,
        string? Certificate = null,
        string? Category = null,
        string? Territory = null,
        AsOf? AsOf = null,
        KnownAt? KnownAt = null,
        Level? MinLevel = null) : IRequest<CheckAnswer>
    {
        /// <summary>What is asked about.</summary>
        internal Selector Selector() => new(Gtin, Brand, Model, Product, Scheme, Certificate);
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.RecognisedBy).Required().IsText(Limits.Line);
            RuleFor(r => r.Brand).IsText(Limits.Line);
            RuleFor(r => r.Model).IsText(Limits.Line);
            RuleFor(r => r.Product).IsText(Limits.Line);
            RuleFor(r => r.Scheme).IsText(Limits.Line);
            RuleFor(r => r.Certificate).IsText(Limits.Line);
            RuleFor(r => r.Category).IsText(Limits.Line);
            RuleFor(r => r.Territory).IsTerritory();
        }

        // No rule has anything to say of short plain texts, and the rules take longer than the decision.
        protected override bool PreValidate(ValidationContext<Request> context, ValidationResult result)
        {
            var r = context.InstanceToValidate;
            return r.RecognisedBy is null || r.Territory is not null
                || !(IsPlain(r.RecognisedBy) && IsPlain(r.Brand) && IsPlain(r.Model) && IsPlain(r.Product) && IsPlain(r.Scheme)
                    && IsPlain(r.Certificate) && IsPlain(r.Category));
        }

        private static bool IsPlain(string? text) => text is null
            || (text.Length is > 0 and <= Limits.Line && text[0] != ' ' && !text.AsSpan().ContainsAnyExceptInRange(' ', '~'));
    }

    internal sealed class Handler(Snapshots snapshots, TimeProvider clock) : IRequestHandler<Request, CheckAnswer>
    {
        public async Task<CheckAnswer> Handle(Request request, CancellationToken cancel)
        {
            var selector = request.Selector();
            if (selector.Fault() is { } fault)
            {
                throw fault;
            }

            await using var grounds = await snapshots.OpenAsync(request.KnownAt, cancel);
            try
            {
                return await AnswerAsync(grounds, request, selector);
            }
            catch (RefusalException refusal)
            {
                refusal.Revision = grounds.Revision;
                throw;
            }
        }

        private async ValueTask<CheckAnswer> AnswerAsync(Grounds grounds, Request request, Selector selector)
        {
            var registry = grounds.Registry;
            var question = new RecognitionQuestion(
                FindScheme.FindRecogniser(registry, "recognisedBy", request.RecognisedBy),
                request.AsOf?.Day ?? Http.AsOf.Today(clock))
            {
                Category = request.Category is null ? null : FindCategory.Find(registry, "category", request.Category),
                Territory = request.Territory,
                MinLevel = request.MinLevel,
            };
            var answered = await AnswerQuestion.AnswerAsync(grounds, selector, question);
            return answered.Write(Language.Current);
        }
    }
}
