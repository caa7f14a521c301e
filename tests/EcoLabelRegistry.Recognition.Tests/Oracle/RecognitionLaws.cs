using FsCheck;
using FsCheck.Fluent;

namespace EcoLabelRegistry.Recognition.Tests.Oracle;

/// <summary>What holds for every registry and every question. On failure FsCheck prints the seed and the smallest case that it found.</summary>
public sealed class RecognitionLaws
{
    [Fact]
    public void Engine_and_oracle_agree_in_everything_that_can_be_seen() => Holds(10_000, c => AssertSame(c.ByOracle(), c.ByEngine()));

    [Fact]
    public void A_scheme_recognises_its_own_valid_certificate() => Holds(1_000, c =>
    {
        var question = new RecognitionQuestion(new Recogniser(RecogniserKind.Scheme, "own"), c.Question.AsOf);
        var certificate = new Certificate("own-1", "own", "1")
        {
            Periods = [new CertificatePeriod { From = c.Question.AsOf }],
            Lines = [new ProductLine("asked", null)],
            Territories = [],
        };
        var registry = c.Registry with { Schemes = [.. c.Registry.Schemes, new Scheme("own", "body-1")] };
        var subject = new RecognitionSubject(SubjectKind.Product, [.. c.Subject.Candidates, new Candidate(certificate, certificate.Lines)]);

        var answer = RecognitionEngine.Decide(registry.ToGraph(), subject, question);

        Assert.Equal(Outcome.Certified, answer.Outcome);
        Assert.Empty(answer.Paths[0].Steps);
    });

    [Fact]
    public void An_ended_agreement_never_makes_a_yes() => Holds(1_000, c =>
    {
        var end = new AgreementEvent(AgreementEventType.Terminated, c.Question.AsOf);
        var ended = c with
        {
            Registry = c.Registry with { Agreements = [.. c.Registry.Agreements.Select(a => a with { Events = [.. a.Events, end] })] },
        };

        Assert.All(ended.ByEngine().Paths, p => Assert.DoesNotContain(p.Steps, s => s.Agreement is not null));
    });

    [Fact]
    public void Adding_an_agreement_never_makes_an_answer_worse() => Holds(2_000, c =>
    {
        if (c.Registry.Agreements.Count == 0)
        {
            return;
        }

        var without = c with { Registry = c.Registry with { Agreements = [.. c.Registry.Agreements.Skip(1)] } };

        Assert.True(c.ByEngine().Outcome <= without.ByEngine().Outcome);
    });

    [Fact]
    public void Input_order_never_changes_an_answer() => Holds(2_000, c => AssertSame(c.ByEngine(), Reordered(c).ByEngine()));

    [Fact]
    public void A_path_names_only_signed_grants_that_have_begun_and_cover_the_category() => Holds(2_000, c =>
    {
        var day = c.Question.AsOf;
        var graph = c.Registry.ToGraph();
        foreach (var path in c.ByEngine().Paths)
        {
            foreach (var step in path.Steps.Where(s => s.Agreement is not null))
            {
                var agreement = graph.Agreements[step.Agreement!];
                Assert.Contains(agreement.Texts, t => t.IsSigned
                    && (t.EffectiveFrom ?? t.SignedOn ?? t.FirstPublished ?? agreement.ConfirmedOn) is { } start
                    && start.FirstDay <= day
                    && !(t.EffectiveUntil is { } end && end.LastDay < day)
                    && t.Grants.Any(g => g.Id == step.Grant
                        && (g.Recogniser, g.Recognised, g.Level) == (step.Recogniser, step.Recognised, step.Level)
                        && (g.Categories.Count == 0 || Above(graph, path.Category).Intersect(g.Categories, StringComparer.Ordinal).Any())));
                Assert.DoesNotContain(agreement.Events, e =>
                    e.Party is null && e.Type == AgreementEventType.Terminated && e.Effective.FirstDay <= day);
            }
        }
    });

    [Fact]
    public void Every_no_says_that_it_is_not_a_finding_of_non_equivalence_and_every_partly_that_a_label_is_required() => Holds(2_000, c =>
    {
        var answer = c.ByEngine();

        Assert.Equal(answer.Outcome.Answer() == Answer.No, answer.Warnings.Contains(Warning.NotAFindingOfNonEquivalence));
        Assert.Equal(answer.Outcome.Answer() == Answer.Partly, answer.Warnings.Contains(Warning.LabelStillRequired));
    });

    [Fact]
    public void A_path_keeps_its_outcome_on_its_last_day_and_not_on_the_day_after() => Holds(2_000, c =>
    {
        var graph = c.Registry.ToGraph();
        foreach (var path in c.ByEngine().Paths.Where(p => p.HoldsUntil is not null))
        {
            Assert.True(path.HoldsUntil >= c.Question.AsOf);
            Assert.Equal(path.Outcome, OutcomeOn(path.HoldsUntil.Value));
            Assert.NotEqual(path.Outcome, OutcomeOn(path.HoldsUntil.Value.AddDays(1)));

            Outcome? OutcomeOn(DateOnly day) => RecognitionEngine
                .Decide(graph, AsOneProduct(c.Subject), c.Question with { AsOf = day })
                .Paths.FirstOrDefault(p => IsSameWay(p, path))?.Outcome;
        }
    });

    [Fact]
    public void The_answer_is_its_best_path() => Holds(1_000, c =>
    {
        var answer = c.ByEngine();

        Assert.Equal(answer.Paths.Count > 0, answer.Outcome.Answer() is Answer.Yes or Answer.Partly);
        Assert.Equal(answer.Paths.Count > 0 ? answer.Paths[0].HoldsUntil : null, answer.HoldsUntil);
        Assert.All(answer.Paths, p => Assert.True(p.Outcome >= answer.Outcome));
        Assert.Equal(answer.Paths.Count > 0 ? answer.Paths.Min(p => p.Outcome) : answer.Outcome, answer.Outcome);
    });

    [Fact]
    public void Recognition_is_not_transitive_without_onward() => Holds(1_000, c =>
        Assert.All(WithGrants(c, g => g with { OnwardMaxHops = 0 }).ByEngine().Paths, p => Assert.True(p.Steps.Count <= 1 || p.Steps[0].Policy is not null)));

    [Fact]
    public void Onward_adds_derived_paths_and_touches_no_other() => Holds(1_000, c =>
    {
        var product = c with { Subject = AsOneProduct(c.Subject) };
        Assert.Equal(
            TextOf(WithGrants(product, g => g with { OnwardMaxHops = 0 }).ByEngine().Paths),
            TextOf(product.ByEngine().Paths.Where(p => p.Steps.Count <= 1 || (p.Steps[0].Policy is not null && p.Steps.Count == 2))));
    });

    [Fact]
    public void A_derived_path_has_two_or_three_steps_that_meet_and_never_comes_back() => Holds(2_000, c =>
    {
        foreach (var path in WithGrants(c, g => g with { OnwardMaxHops = 9 }).ByEngine().Paths)
        {
            Assert.Equal(path.Steps.Count > 1, path.Derived);
            Assert.InRange(path.Steps.Count, 0, 3);
            Assert.All(path.Steps.Zip(path.Steps.Skip(1)), pair => Assert.Equal(pair.First.Recognised, pair.Second.Recogniser));
            Assert.Equal(path.Steps.Count, path.Steps.Select(s => s.Recognised).Distinct(StringComparer.Ordinal).Count());
            Assert.All(path.Steps.Skip(path.Steps.Count > 0 && path.Steps[0].Policy is not null ? 2 : 1), s => Assert.True(s.Level.IsFull()));
        }
    });

    /// <remarks>
    /// It does not leave the others untouched: where an earlier or later text gives a grant a level below the minimum, the path ends with the text
    /// that has it, or holds only in the uncertain part of a date.
    /// </remarks>
    [Fact]
    public void A_minimum_level_removes_the_weaker_paths_and_betters_none() => Holds(1_000, c =>
    {
        var product = c with { Subject = AsOneProduct(c.Subject) };
        var all = (product with { Question = c.Question with { MinLevel = null } }).ByEngine().Paths;
        var strict = (product with { Question = c.Question with { MinLevel = Level.FullProduct } }).ByEngine().Paths;

        Assert.Equal(all.Count(p => p.Level is null or <= Level.FullProduct), strict.Count);
        Assert.All(strict, p =>
        {
            var before = all.Single(a => IsSameWay(a, p));
            Assert.Equal(TextOf([WithoutDoubt(before)]), TextOf([WithoutDoubt(p)]));
            Assert.True(p.Level is null or <= Level.FullProduct);
            Assert.True(p.Outcome >= before.Outcome);
            Assert.True(p.Outcome != before.Outcome || p.Outcome.Answer() != Answer.Yes || LastDay(p) <= LastDay(before));
        });

        static RecognitionPath WithoutDoubt(RecognitionPath path) =>
            path with { Outcome = default, HoldsUntil = null, Conditions = [.. path.Conditions.Where(q => q.Code != Code.Of(ConditionCode.DateUncertain))] };

        static DateOnly LastDay(RecognitionPath path) => path.HoldsUntil ?? DateOnly.MaxValue;
    });

    [Fact]
    public void Asking_a_certificate_for_one_product_never_betters_the_best_of_its_lines() => Holds(1_000, c =>
    {
        if (c.Subject.Candidates.Count == 0)
        {
            return;
        }

        // One that lists no product at all stands for itself when it is asked alone, and for no product.
        var certificate = c.Subject.Candidates[0].Certificate;
        if (certificate.Lines.Count == 0)
        {
            return;
        }

        var whole = c with { Subject = new RecognitionSubject(SubjectKind.Product, [new Candidate(certificate, certificate.Lines)]) };
        var product = c with { Subject = new RecognitionSubject(SubjectKind.Certificate, [new Candidate(certificate, [.. certificate.Lines.Skip(1)])]) };

        Assert.True(product.ByEngine().Outcome >= whole.ByEngine().Outcome);
    });

    [Fact]
    public void A_narrower_question_never_gets_a_better_answer() => Holds(1_000, c =>
    {
        var wide = c with { Subject = AsOneProduct(c.Subject), Question = c.Question with { Category = null, Territory = null } };
        var narrow = wide with { Question = c.Question };

        Assert.True(narrow.ByEngine().Outcome >= wide.ByEngine().Outcome);
    });

    [Fact]
    public void Events_after_the_day_never_change_the_outcome_on_it() => Holds(1_000, c =>
    {
        var day = c.Question.AsOf;
        var unaware = c with
        {
            Registry = c.Registry with
            {
                Agreements = [.. c.Registry.Agreements.Select(a => a with { Events = [.. a.Events.Where(e => e.Effective.FirstDay <= day)] })],
            },
            Subject = c.Subject with
            {
                Candidates = [.. c.Subject.Candidates.Select(x => x with
                {
                    Certificate = x.Certificate with { Events = [.. x.Certificate.Events.Where(e => e.Effective.FirstDay <= day)] },
                })],
            },
        };

        Assert.Equal(c.ByEngine().Outcome, unaware.ByEngine().Outcome);
    });

    [Fact]
    public void A_known_suspension_ends_the_answer_on_the_day_before_it() => Holds(1_000, c =>
    {
        var suspended = c.Question.AsOf.AddDays(100);
        var aware = c with
        {
            Subject = c.Subject with
            {
                Candidates = [.. c.Subject.Candidates.Select(x => x with
                {
                    Certificate = x.Certificate with { Events = [.. x.Certificate.Events, new CertificateEvent(CertificateEventType.Suspended, suspended)] },
                })],
            },
        };

        Assert.All(aware.ByEngine().Paths, p => Assert.True(p.HoldsUntil < suspended));
        Assert.Empty(aware.On(suspended).ByEngine().Paths);
    });

    [Fact]
    public void The_same_graph_answers_the_same_on_every_thread() => Holds(200, c =>
    {
        var graph = c.Registry.ToGraph();
        var expected = AnswerText.Of(RecognitionEngine.Decide(graph, c.Subject, c.Question));

        Parallel.For(0, 8, _ => Assert.Equal(expected, AnswerText.Of(RecognitionEngine.Decide(graph, c.Subject, c.Question))));
    });

    [Fact]
    public void A_ring_of_onward_grants_comes_to_an_end()
    {
        string[] ring = ["a", "b", "c", "d", "e", "f"];
        var agreements = ring.Select((code, i) => new Agreement(code, AgreementKind.Unilateral)
        {
            Parties = [new AgreementParty(code)],
            Texts =
            [
                new AgreementText
                {
                    IsSigned = true,
                    EffectiveFrom = PartialDate.Parse("2010"),
                    Grants = [.. ring.Where(r => r != code).Select(r => new Grant(r, code, r, Level.FullScheme) { OnwardMaxHops = 9 })],
                },
            ],
        });
        var registry = new PlainRegistry([], [.. ring.Select(r => new Scheme(r, r))], [], [.. agreements], []);
        var certificate = new Certificate("1", "f", "1")
        {
            Periods = [new CertificatePeriod { From = PartialDate.Parse("2010-01-01") }],
            Lines = [new ProductLine("asked", null)],
            Territories = [],
        };
        var subject = new RecognitionSubject(SubjectKind.Product, [new Candidate(certificate, certificate.Lines)]);
        var question = new RecognitionQuestion(new Recogniser(RecogniserKind.Scheme, "a"), new(2012, 1, 1));

        var answer = new RecognitionCase(registry, subject, question).ByEngine();

        // Straight, over one of four others, over two of them in either order.
        Assert.Equal((1, 4, 12), (Steps(1), Steps(2), Steps(3)));
        Assert.Equal(17, answer.Paths.Count);

        int Steps(int count) => answer.Paths.Count(p => p.Steps.Count == count);
    }

    private static void Holds(int cases, Action<RecognitionCase> law) =>
        Prop.ForAll(RandomRegistry.Cases(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(cases));

    private static void AssertSame(RecognitionAnswer expected, RecognitionAnswer actual) => Assert.Equal(AnswerText.Of(expected), AnswerText.Of(actual));

    private static string TextOf(IEnumerable<RecognitionPath> paths) => string.Join('\n', paths.Select(AnswerText.Of));

    /// <summary>
    /// A certificate's lines as those of one product, so that no other category is the weakest and decides in their place. A certificate
    /// without any line has one category only, the unknown one, and stands for itself only when it is asked alone: it stays as it is.
    /// </summary>
    private static RecognitionSubject AsOneProduct(RecognitionSubject subject) =>
        subject.Candidates.Any(c => c.Certificate.Lines.Count == 0) ? subject : subject with { Kind = SubjectKind.Product };

    private static bool IsSameWay(RecognitionPath one, RecognitionPath other) =>
        one.Certificate.Id == other.Certificate.Id
        && one.Category == other.Category
        && one.Steps.Select(Name).SequenceEqual(other.Steps.Select(Name));

    /// <summary>A text may give a grant another level; one of the same id between another pair is another grant.</summary>
    private static PathStep Name(PathStep step) => step with { Level = default };

    private static IEnumerable<string> Above(RecognitionGraph graph, string? category)
    {
        for (var code = category; code is not null; code = graph.Categories[code].Parent)
        {
            yield return code;
        }
    }

    private static RecognitionCase WithGrants(RecognitionCase c, Func<Grant, Grant> change) => c with
    {
        Registry = c.Registry with
        {
            Agreements = [.. c.Registry.Agreements.Select(a => a with { Texts = [.. a.Texts.Select(t => t with { Grants = [.. t.Grants.Select(change)] })] })],
        },
    };

    /// <summary>Backwards everything whose order says nothing. Texts, events, criteria and a policy's lines have an order that does.</summary>
    private static RecognitionCase Reordered(RecognitionCase c) => new(
        new PlainRegistry(
            Backwards(c.Registry.Categories),
            Backwards(c.Registry.Schemes),
            Backwards(c.Registry.Standards.Select(s => s with { Editions = Backwards(s.Editions) })),
            Backwards(c.Registry.Agreements.Select(a => a with
            {
                Parties = Backwards(a.Parties),
                Texts = [.. a.Texts.Select(t => t with { Grants = Backwards(t.Grants), Reservations = Backwards(t.Reservations) })],
            })),
            Backwards(c.Registry.Policies)),
        c.Subject with
        {
            Candidates = Backwards(c.Subject.Candidates.Select(x => x with
            {
                Lines = Backwards(x.Lines),
                Certificate = x.Certificate with
                {
                    Periods = Backwards(x.Certificate.Periods),
                    Lines = Backwards(x.Certificate.Lines),
                    Territories = x.Certificate.Territories is { } territories ? Backwards(territories) : null,
                    SiteCountries = x.Certificate.SiteCountries is { } sites ? Backwards(sites) : null,
                },
            })),
        },
        c.Question);

    private static List<T> Backwards<T>(IEnumerable<T> list) => [.. list.Reverse()];
}
