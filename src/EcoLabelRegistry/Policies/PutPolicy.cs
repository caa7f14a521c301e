using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Policies;

/// <summary>Writes a purchasing policy.</summary>
public static class PutPolicy
{
    /// <summary>The edition that stands for the one in force on the date.</summary>
    public const string Current = "current";

    /// <param name="Entry">All of it.</param>
    /// <param name="Actor">Who writes.</param>
    public sealed record Request(PolicyEntry Entry, Actor Actor) : IRequest<Written>;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Entry).SetValidator(new Entry()).OverridePropertyName("");

        private sealed class Entry : SourcedRules<PolicyEntry>
        {
            public Entry()
            {
                RuleFor(e => e.Code).Required().IsCode();
                RuleFor(e => e.Authority).Required().IsText(Limits.Line);
                RuleFor(e => e.Names).Required().IsTextByLanguage();
                RuleFor(e => e.Jurisdiction).IsCountry();
                RuleFor(e => e.Obligation).IsText(Limits.Line);
                RuleFor(e => e.LegalBasis).IsText(Limits.Page);
                RuleFor(e => e.Accepts).IsBounded();
                RuleForEach(e => e.Accepts).Required().SetValidator(new Line());
            }
        }

        private sealed class Line : SourcedRules<PolicyLineEntry>
        {
            public Line()
            {
                RuleFor(a => a.Scheme).IsCode();
                RuleFor(a => a.RecognisedBy).IsCode();
                RuleFor(a => a.Scheme).Must((line, scheme) => scheme is null != line.RecognisedBy is null)
                    .Says(_ => new Message("fault.scheme-or-recognised-by"));
                RuleFor(a => a.MinLevel).Must((line, level) => level is null || line.RecognisedBy is not null)
                    .Says(_ => new Message("fault.only-with-recognised-by"));
                RuleFor(a => a.Reciprocal).Must((line, given) => given is null || line.RecognisedBy is not null)
                    .Says(_ => new Message("fault.only-with-recognised-by"));
                RuleFor(a => a.Categories).IsListOfDistinct();
                RuleForEach(a => a.Categories).Required();
                RuleFor(a => a.MinTier).IsText(Limits.Line);
                RuleFor(a => a.Until).IsNotBefore(a => a.From, "from");
                RuleFor(a => a.Standards).AreDistinctBy(s => s.Id);
                RuleForEach(a => a.Standards).Required().SetValidator(new GrantRules.GrantedStandard());
                RuleFor(a => a.Conditions).IsBounded();
                RuleForEach(a => a.Conditions).Required().SetValidator(new GrantRules.Condition());
            }
        }
    }

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Written>
    {
        public Task<Written> Handle(Request request, CancellationToken cancel) => log.PutAsync(
            RecordKind.Policy, request.Entry.Code!, request.Entry, request.Actor, r => r.Policies, (r, _) => Check(r, request.Entry), cancel);

        private static void Check(RegistryAt registry, PolicyEntry entry)
        {
            var lines = entry.Accepts ?? [];
            for (var i = 0; i < lines.Count; i++)
            {
                var member = $"accepts[{i}]";
                registry.Schemes.Require(Thing.Scheme, member + ".scheme", lines[i].Scheme);
                registry.Schemes.Require(Thing.Scheme, member + ".recognisedBy", lines[i].RecognisedBy);
                registry.Categories.Require(Thing.Category, member + ".categories", lines[i].Categories);
                GrantRules.CheckStandards(registry, lines[i].Standards, lines[i].Scheme, member, currentAllowed: true);
                GrantRules.CheckTier(registry, lines[i].Scheme, lines[i].MinTier, member);
            }
        }
    }
}
