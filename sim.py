import numpy as np
from leadline.metrics.statistics.coherence import Answers
rng=np.random.default_rng(1)
P=np.array([.5,.2,.1,.2])  # last: cannot say
theta=(P[:3]**2).sum()
us=[];z=[]
for r in range(2000):
    T,n=52,20
    week=np.repeat(np.arange(T),n); acc=np.arange(T*n); pr=rng.choice(4,T*n,p=P); pr[pr==3]=-1
    a=Answers(week,acc,pr,np.ones(T*n),T)
    c=a.told(0,T-1)
    us.append(a.matching)
    if r==0: print(c.scale,c.level,c.weight[:3],a.matching[:3],theta, a._repeated(slice(0,T),a._variance(slice(0,T),c.level)))
us=np.array(us)
print(us.mean(),theta, us.var(), c.level/c.weight[0]*c.scale)
