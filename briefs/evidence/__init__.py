"""What is known: tables of evidence, the claims under test, and the rule between them.

===============  ======================================================================
module           what it holds
===============  ======================================================================
``catalog``      the tables, checked, typed and as of a date: the one door for evidence
``schema``       what ``datapackage.json`` says of a table, as far as it is enforced
``rows``         from the bytes of a file to rows, with every breach on the way
``claims``       ``claims.yml`` read and checked; `claims.assess` judges a claim
``model``        what ``claims.yml`` holds: a claim, its readings, the ranges that decide
``verdicts``     the decision rule
``reasons``      the sentences that give the reason of a verdict
``claimreview``  claims that fact-checkers looked at, read from what they publish
``track``        how verdicts as of earlier days compare with those of now
``forecasts``    what editions projected, stored to be scored when its date has come
``upstream``     connectors to what others publish
``feeds``        which upstream feeds which table
``holdings``     rows of a table as text; withdrawing and adding
``memory``       what was decided on before, names included
``proposals``    what there is to decide: items, their severity and order
``differences``  an upstream compared with a table, row by row
``adoption``     decisions made into files
``transaction``  several files written as one
``living``       how each brief is kept alive, and when it was last looked
``vintages``     what each frozen edition was made of
===============  ======================================================================
"""
